"""The figure of the draws of two constants."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made.drawings import drawn, marks, rows_of
from made.runs import BESIROGLU, on_budgets, repeated, scattered

from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.protocol import Repetition
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures.draws import FIGURE


def of_fit(found: Any, method: str = "parametric") -> MadeFit:
    return MadeFit("runs.csv", method, found, [])


def _drawing(subject: MadeFit) -> Drawing:
    return drawn("draws", subject)


@pytest.fixture(scope="module")
def full() -> MadeFit:
    """A fit of the five constants with draws."""
    return of_fit(METHODS.get("parametric")(scattered(noise=0.01), draws=40))


@pytest.fixture(scope="module")
def frontier() -> MadeFit:
    """A fit of a line through optima with draws."""
    return of_fit(METHODS.get("isoflop")(on_budgets(noise=0.004), draws=200), "isoflop")


def test_the_exponents_of_a_law_are_drawn_against_each_other(full: MadeFit) -> None:
    found, fit = _drawing(full), full.fit

    assert [row["x"] for row in rows_of(found, "draws")] == fit.draws["alpha"].tolist()
    assert [row["y"] for row in rows_of(found, "draws")] == fit.draws["beta"].tolist()
    (estimate,) = rows_of(found, "estimate")
    assert (estimate["x"], estimate["y"]) == (fit.constants["alpha"], fit.constants["beta"])
    assert (estimate["left"], estimate["right"]) == fit.interval["alpha"]
    assert (estimate["low"], estimate["high"]) == fit.interval["beta"]


def test_the_sentence_says_which_exponent_is_the_greater(full: MadeFit) -> None:
    draws = full.fit.draws
    share = np.mean(draws["beta"] > draws["alpha"])

    assert f"In {100 * share:.0f} % of them beta is the greater" in _drawing(full).says
    assert "95 % of 40 fits to resampled runs" in _drawing(full).says


def test_the_optimum_of_a_line_is_drawn_against_its_exponent(frontier: MadeFit) -> None:
    found, fit = _drawing(frontier), frontier.fit
    flops = float(fit.runs.flops.max())

    assert [row["y"] for row in rows_of(found, "draws")] == pytest.approx(
        (fit.draws["k_N"] * flops ** fit.draws["a"]).tolist()
    )
    assert "parameters at 3e21 FLOPs = " in found.says
    assert "They rise together (correlation 0.9" in found.says


@pytest.mark.slow
def test_with_kept_constants_those_of_repetition_are_drawn() -> None:
    runs = repeated(BESIROGLU, Repetition(15, 5), noise=0.01)
    fit = METHODS.get("parametric")(runs, base=BESIROGLU, draws=40)
    there = np.isfinite(fit.draws["R_D_star"]) & np.isfinite(fit.draws["R_N_star"])
    found = _drawing(of_fit(fit))

    assert [row["constant"] for row in found.table.rows] == ["R_D*", "R_N*"]
    assert len(rows_of(found, "draws")) == there.sum()


def test_of_many_draws_a_thousand_at_most_are_drawn(full: MadeFit) -> None:
    fit = full.fit
    many = {name: np.resize(values, 2500) for name, values in fit.draws.items()}
    found = _drawing(replace(full, fit=replace(fit, draws=many)))

    assert 800 < len(rows_of(found, "draws")) <= 1000
    assert "of 2,500 fits" in found.says


@pytest.mark.parametrize("draws", [{}, "few", "endless"])
def test_too_few_draws_are_not_drawn(full: MadeFit, draws: Any) -> None:
    taken = {"few": 9, "endless": 40}.get(str(draws), 0)
    values = {name: each[:taken] for name, each in full.fit.draws.items()} if taken else {}
    if draws == "endless":
        values["alpha"] = np.full(40, np.inf)

    assert FIGURE.draw(replace(full, fit=replace(full.fit, draws=values))) == (
        "The fit has too few draws to show: few were asked for, or there are too few runs to resample."
    )


def test_draws_that_are_all_the_same_do_not_vary(full: MadeFit) -> None:
    same = {name: np.full(20, each[0]) for name, each in full.fit.draws.items()}

    assert _drawing(replace(full, fit=replace(full.fit, draws=same))).says.endswith("They do not vary.")


def test_the_command_writes_the_draws(full: MadeFit) -> None:
    assert _drawing(full).made_by[0].text == "tokaudit fit runs.csv --show draws"


def test_draws_are_points_with_a_cross_at_the_estimate(full: MadeFit) -> None:
    assert len(marks(_drawing(full), "symbol")) == 40 + 1
