"""What holds for every method, on runs that each of them can take: sizes and lengths on one grid."""

from pathlib import Path

import numpy as np
import pytest
from made.runs import BESIROGLU, losses, runs_of

from tokaudit.laws.find import find_law
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Runs
from tokaudit.laws.saved import save_law


def grid() -> Runs:
    """Every size at every length: the same steps, so that they lie on budgets and on training curves alike."""
    params, tokens = (values.ravel() for values in np.meshgrid(1e8 * 2.0 ** np.arange(10), 2e9 * 2.0 ** np.arange(10)))
    chance = np.random.default_rng(0)
    return runs_of(params, tokens, losses(BESIROGLU, params, tokens) * np.exp(1e-4 * chance.standard_normal(100)))


@pytest.mark.parametrize("name", METHODS.names())
def test_a_method_finds_the_exponent_whatever_the_order_and_its_fit_can_be_saved(name: str, tmp_path: Path) -> None:
    runs = grid()
    found, again = (
        METHODS.get(name)(given, draws=20) for given in (runs, runs.taken(np.random.default_rng(1).permutation(100)))
    )

    assert (found.constants, found.interval, found.residuals) == (again.constants, again.interval, again.residuals)
    assert found.exponents["a"] == pytest.approx(0.5126, abs=0.03)
    assert found.exponents["a"] + found.exponents["b"] == pytest.approx(1)
    assert len(found.residuals) == len(found.runs)
    assert set(found.frontier[0]) == {"flops", "params", "tokens", "loss"}
    save_law(tmp_path / "catalog.duckdb", "ours", name, "runs.csv", found)
    law, draws = find_law("ours", tmp_path / "catalog.duckdb")
    assert law.constants.items() >= found.constants.items()
    assert set(draws) == set(found.draws)
    assert law.optimum(1e21).params == pytest.approx(BESIROGLU.optimum(1e21).params, rel=0.25)
