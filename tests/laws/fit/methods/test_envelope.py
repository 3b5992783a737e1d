"""The lower envelope of training curves."""

from dataclasses import replace

import numpy as np
import pytest
from made.runs import curves, scattered

from tokaudit.core.errors import InputError
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Fit, Runs


def fit(runs: Runs, draws: int = 0) -> Fit:
    return METHODS.get("envelope")(runs, draws=draws)


def test_curves_of_a_law_give_its_exponent() -> None:
    found = fit(curves())

    assert found.exponents["a"] == pytest.approx(0.3658 / (0.3478 + 0.3658), abs=5e-3)
    assert found.exponents["a"] + found.exponents["b"] == pytest.approx(1)
    assert found.r_squared > 0.99


def test_the_envelope_is_the_lowest_loss_at_each_budget() -> None:
    runs = curves()
    found = fit(runs)
    # Curves are straight between two runs, so each run lies on the envelope or above it.
    assert min(-row["log_residual"] for row in found.residuals if row["log_residual"] is not None) > -1e-3
    sizes = set(np.round(np.unique(runs.params), 3))
    assert {round(row["params"], 3) for row in found.frontier} <= sizes
    assert {row["params"] for row in found.frontier}.isdisjoint({runs.params.min(), runs.params.max()})


def test_the_order_of_the_runs_changes_nothing() -> None:
    runs = curves(sizes=14, points=20)
    one = fit(runs, draws=30)
    other = fit(runs.taken(np.random.default_rng(1).permutation(len(runs))), draws=30)

    assert (one.constants, one.interval, one.residuals) == (other.constants, other.interval, other.residuals)


def test_other_units_of_parameters_change_only_the_coefficient() -> None:
    runs = curves(points=20)
    base, found = fit(runs).constants, fit(replace(runs, params=runs.params * 7)).constants

    assert found == pytest.approx({"k_N": 7 * base["k_N"], "a": base["a"]}, rel=1e-6)


def test_the_interval_contains_the_exponent() -> None:
    found = fit(curves(points=20), draws=200)
    low, high = found.interval["a"]

    assert low < found.constants["a"] < high
    assert 0.45 < low < high < 0.57


def test_runs_of_one_length_are_not_curves() -> None:
    with pytest.raises(InputError, match="too few training curves: 0 sizes"):
        fit(scattered())


def test_runs_that_differ_in_seed_count_as_their_mean() -> None:
    runs = curves(points=20)
    up, down = replace(runs, loss=runs.loss * 1.01), replace(runs, loss=runs.loss / 1.01)
    both = Runs(*(np.concatenate([getattr(up, name), getattr(down, name)]) for name in Runs.__slots__))

    assert fit(both).constants == pytest.approx(fit(runs).constants, rel=1e-9)
