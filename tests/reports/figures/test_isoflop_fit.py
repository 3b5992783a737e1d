"""The figure of the parabolas of budgets."""

from dataclasses import replace

import numpy as np
import pytest
from made.drawings import drawn, marks, rows_of
from made.runs import on_budgets, scattered

from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Runs
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures.isoflop_fit import FIGURE


def made(runs: Runs, method: str = "isoflop") -> MadeFit:
    return MadeFit("runs.csv", method, METHODS.get(method)(runs, draws=0), [])


def _drawing(subject: MadeFit) -> Drawing:
    return drawn("isoflop-fit", subject)


@pytest.fixture(scope="module")
def noisy() -> MadeFit:
    """A fit of seven budgets."""
    return made(on_budgets(noise=0.002))


def test_the_runs_are_those_of_the_table(noisy: MadeFit) -> None:
    runs = noisy.fit.runs

    assert sorted((row["params"], row["loss"]) for row in rows_of(_drawing(noisy), "runs")) == sorted(
        zip(runs.params.tolist(), runs.loss.tolist(), strict=True)
    )


def test_each_curve_is_least_where_the_optimum_is_marked(noisy: MadeFit) -> None:
    found = _drawing(noisy)
    best = rows_of(found, "best")

    assert len(best) == 7
    for row in best:
        curve = [each for each in rows_of(found, "curve") if each["flops"] == row["flops"]]
        least = min(curve, key=lambda each: each["loss"])
        assert least["loss"] == pytest.approx(row["loss"], rel=1e-3)
        assert abs(np.log(least["params"] / row["params"])) < np.log(curve[1]["params"] / curve[0]["params"])


def test_each_curve_ends_with_its_budget(noisy: MadeFit) -> None:
    labels = [row["label"] for row in rows_of(_drawing(noisy), "budgets")]

    assert labels[0] == "6e18 FLOPs"
    assert labels[-1] == "3e21"
    assert len(labels) == 7


def test_the_sentence_says_what_ten_times_the_compute_is_spent_on(noisy: MadeFit) -> None:
    slope = noisy.fit.exponents["a"]
    says = _drawing(noisy).says

    assert says.startswith(f"Ten times the compute is spent best on {10**slope:.2g} times the parameters")
    assert says.endswith(f"C^{slope:.3f}.")


def test_a_budget_without_an_optimum_is_drawn_and_counted() -> None:
    runs = on_budgets()
    subject = made(replace(runs, loss=np.where(runs.flops < 7e18, np.log(runs.params), runs.loss)))
    found = _drawing(subject)

    assert (len(rows_of(found, "budgets")), len(rows_of(found, "best"))) == (7, 6)
    assert found.says.endswith("1 of the 7 budgets show no optimum.")
    assert [row["params"] is None for row in found.table.rows] == [True, *[False] * 6]


def test_another_method_says_which_one_has_parabolas() -> None:
    assert FIGURE.draw(made(scattered(), "parametric")) == (
        "The method parametric draws no parabolas. --method isoflop does, for runs on a few budgets of FLOPs."
    )


def test_the_command_writes_the_optima(noisy: MadeFit) -> None:
    assert _drawing(noisy).made_by[0].text == "tokaudit fit runs.csv --method isoflop --show frontier"


def test_runs_are_points_on_curves_and_the_best_of_each_is_marked(noisy: MadeFit) -> None:
    found = _drawing(noisy)

    assert len(marks(found, "symbol")) == len(noisy.fit.runs) + len(noisy.fit.frontier)
    assert len(marks(found, "line")) == len(noisy.fit.parabolas) + 1
