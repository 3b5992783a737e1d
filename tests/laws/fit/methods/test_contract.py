"""Properties of every fitting method."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from made.runs import curves, on_budgets, scattered

from tokaudit.core.errors import InputError
from tokaudit.laws.find import find_law
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Fit, Runs
from tokaudit.laws.saved import save_law

DESIGNS = {"scattered": scattered(count=20), "on budgets": on_budgets(), "curves": curves()}


def fitted(name: str) -> tuple[Runs, Fit]:
    """The first set of runs that identifies a law by this method, and the fit."""
    for runs in DESIGNS.values():
        try:
            return runs, METHODS.get(name)(runs, draws=5)
        except InputError:
            continue
    pytest.fail(f"{name} identifies no law, whatever the runs")


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS.names())
def test_a_fit_has_constants_intervals_and_residuals(name: str) -> None:
    runs, found = fitted(name)

    assert all(np.isfinite(value) for value in found.constants.values())
    assert set(found.exponents) == {"a", "b"}
    assert found.exponents["a"] + found.exponents["b"] == pytest.approx(1, abs=1e-6)
    assert found.r_squared <= 1
    assert len(found.runs) <= len(runs)
    assert all(low <= high for low, high in found.interval.values())
    assert all(len(values) <= 5 for values in found.draws.values())
    assert found.frontier


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS.names())
def test_the_order_of_the_runs_changes_nothing(name: str) -> None:
    runs, found = fitted(name)
    again = METHODS.get(name)(runs.taken(np.arange(len(runs))[::-1]), draws=5)

    np.testing.assert_equal(asdict(again), asdict(found))


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS.names())
def test_a_saved_fit_is_read_back_as_a_law(name: str, tmp_path: Path) -> None:
    _, found = fitted(name)
    save_law(tmp_path / "catalog.duckdb", "ours", name, "runs.csv", found)
    saved = find_law("ours", tmp_path / "catalog.duckdb")

    assert saved.law.constants.items() >= found.constants.items()
    assert set(saved.draws) == set(found.draws)


@pytest.mark.parametrize("name", METHODS.names())
def test_too_few_runs_are_refused_with_the_least_number(name: str) -> None:
    with pytest.raises(InputError, match=r"at least \d"):
        METHODS.get(name)(scattered(count=2), draws=0)
