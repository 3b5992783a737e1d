"""IsoFLOP parabolas, one per budget."""

from dataclasses import replace

import numpy as np
import pytest
from made.runs import BESIROGLU, joined, on_budgets, repeated, runs_of, scattered

from tokaudit.core.errors import InputError, UsageError
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Fit, Runs
from tokaudit.laws.protocol import Repetition


def fit(runs: Runs, draws: int = 0) -> Fit:
    return METHODS.get("isoflop")(runs, draws=draws)


def exact() -> Runs:
    """Runs whose losses are parabolas of ln N about ``0.1 C^0.49``."""
    runs = on_budgets()
    best = np.log(0.1 * runs.flops**0.49)
    return replace(runs, loss=2 + 0.05 * (np.log(runs.params) - best) ** 2)


def test_the_minima_of_parabolas_are_found() -> None:
    found = fit(exact())

    assert found.constants == pytest.approx({"k_N": 0.1, "a": 0.49}, rel=1e-6)
    assert found.exponents == pytest.approx({"a": 0.49, "b": 0.51})
    assert found.objective is None
    assert found.r_squared == pytest.approx(1)
    assert [row["loss"] for row in found.frontier] == pytest.approx([2.0] * 7)


def test_runs_of_a_parametric_law_give_almost_its_exponent() -> None:
    assert fit(on_budgets()).exponents["a"] == pytest.approx(0.3658 / (0.3478 + 0.3658), abs=2e-3)


def test_the_order_of_the_runs_changes_nothing() -> None:
    runs = on_budgets(noise=0.002)
    one = fit(runs, draws=100)
    other = fit(runs.taken(np.random.default_rng(1).permutation(len(runs))), draws=100)

    assert (one.constants, one.interval, one.residuals) == (other.constants, other.interval, other.residuals)


def test_other_units_of_parameters_change_only_the_coefficient() -> None:
    runs = on_budgets(noise=0.002)
    base, found = fit(runs).constants, fit(replace(runs, params=runs.params * 7)).constants

    assert found == pytest.approx({"k_N": 7 * base["k_N"], "a": base["a"]}, rel=1e-9)


def test_the_interval_contains_the_truth_and_shrinks_with_the_noise() -> None:
    wide, narrow = (fit(on_budgets(noise=noise), draws=300).interval["a"] for noise in (3e-3, 3e-4))

    assert wide[0] < 0.5126 < wide[1]
    assert narrow[1] - narrow[0] < (wide[1] - wide[0]) / 3


def test_slightly_different_flops_are_one_budget() -> None:
    runs = exact()
    near = replace(runs, flops=runs.flops * np.random.default_rng(0).uniform(0.98, 1.02, len(runs)))

    assert len(fit(near).frontier) == 7


def test_budgets_without_an_optimum_are_named_and_left_out() -> None:
    runs = exact()
    odd = runs_of([1e8, 2e8], [1e9, 5e8], [3, 4])
    best = np.log(0.1 * runs.flops**0.49)
    first = runs.flops < 7e18
    sloped = replace(runs, loss=np.where(first, 2 + 0.01 * (np.log(runs.params) - best), runs.loss))
    found = fit(joined(sloped, odd))

    assert found.constants["a"] == pytest.approx(0.49)
    assert found.warnings == (
        "6e17 FLOPs show no optimum: there are 2 sizes, a parabola needs 3",
        "6e18 FLOPs show no optimum: the loss is lowest at the edge of the sizes, or flat",
    )
    assert sum(row["predicted"] is None for row in found.residuals) == 2


def test_runs_without_budgets_are_refused() -> None:
    with pytest.raises(InputError, match="do not lie on budgets"):
        fit(scattered(count=400))


def test_too_few_budgets_are_refused() -> None:
    runs = exact()
    with pytest.raises(InputError, match=r"can't identify a: there are 2 different budgets"):
        fit(runs.taken(np.flatnonzero(runs.flops < 2e19)))


def test_three_sizes_per_budget_leave_the_intervals_open() -> None:
    runs = on_budgets(sizes=3)
    found = fit(runs, draws=100)

    assert dict(found.interval) == dict.fromkeys(["k_N", "a", "b"], (0.0, np.inf))
    assert "too few runs for intervals" in found.warnings[0]


@pytest.mark.parametrize("method", ["isoflop", "envelope"])
def test_only_the_parametric_method_takes_repeats_and_a_base(method: str) -> None:
    with pytest.raises(InputError, match="runs repeat tokens, and "):
        METHODS.get(method)(repeated(BESIROGLU, Repetition(15, 5)))
    with pytest.raises(UsageError, match="--base"):
        METHODS.get(method)(on_budgets(), base=BESIROGLU)


def test_the_parabolas_are_those_of_the_minima_and_of_the_predicted_losses() -> None:
    found = fit(on_budgets(noise=0.002))
    predicted = {row["line"]: row["predicted"] for row in found.residuals}
    for parabola, row in zip(found.parabolas, found.frontier, strict=True):
        assert parabola.lowest is not None
        near = parabola.loss(parabola.lowest * np.array([0.99, 1, 1.01]))
        losses = parabola.loss(found.runs.params[parabola.runs])

        assert (parabola.flops, parabola.lowest) == (row["flops"], row["params"])
        assert near[1] == pytest.approx(row["loss"]) == near.min()
        assert losses.tolist() == pytest.approx([predicted[line] for line in found.runs.line[parabola.runs].tolist()])


def test_a_budget_without_an_optimum_has_a_parabola_without_a_minimum() -> None:
    runs = on_budgets()
    rising = replace(runs, loss=np.where(runs.flops < 7e18, np.log(runs.params), runs.loss))

    assert [parabola.lowest is None for parabola in fit(rising).parabolas] == [True, *[False] * 6]
