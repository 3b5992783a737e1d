"""The figure of the distances of runs from a fit."""

from dataclasses import replace

import numpy as np
import pytest
from made.drawings import drawn, marks, rows_of
from made.runs import BESIROGLU, on_budgets, repeated, scattered

from tokaudit.laws.fit.made_fit import MadeFit
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Runs
from tokaudit.laws.protocol import Repetition
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures.residuals import FIGURE


def made(runs: Runs, method: str = "parametric") -> MadeFit:
    return MadeFit("runs.csv", method, METHODS.get(method)(runs, draws=0), [])


def _drawing(subject: MadeFit) -> Drawing:
    return drawn("residuals", subject)


def off(runs: Runs, shares: dict[int, float]) -> Runs:
    """The runs, some with a loss that is higher by a share."""
    loss = runs.loss.copy()
    for place, share in shares.items():
        loss[place] *= 1 + share
    return replace(runs, loss=loss)


def test_each_run_lies_as_far_above_as_its_loss_exceeds_the_fit() -> None:
    subject = made(scattered(noise=0.01))
    found = {row["line"]: row["above"] for row in rows_of(_drawing(subject), "runs")}

    assert found == pytest.approx(
        {row["line"]: np.expm1(-row["log_residual"]) for row in subject.fit.residuals}, abs=1e-12
    )


def test_the_sentence_has_the_middle_and_the_farthest() -> None:
    found = _drawing(made(off(scattered(noise=0.001), {7: 0.5})))
    farthest = found.table.rows[0]

    assert farthest["line"] == 9
    assert found.says.startswith("Half of the 60 runs have a loss within 0.0")
    assert found.says.endswith(f"The farthest is {100 * farthest['above']:.2g} % above it (line 9).")


def test_runs_far_from_the_fit_are_named_and_others_are_not() -> None:
    assert [row["line"] for row in rows_of(_drawing(made(off(scattered(noise=0.001), {7: 0.5}))), "named")] == [9]
    assert not rows_of(_drawing(made(replace(scattered(), loss=scattered().loss))), "named")[3:]


def test_names_that_would_cover_each_other_are_left_out() -> None:
    runs = scattered(noise=0.001)
    twin = Runs(*(np.append(getattr(runs, name), getattr(runs, name)[7]) for name in Runs.__slots__))

    assert len(rows_of(_drawing(made(off(twin, {7: 0.5, 60: 0.49}))), "named")) == 1


def test_runs_that_repeat_tokens_have_another_mark() -> None:
    subject = made(repeated(BESIROGLU, Repetition(15, 5), noise=0.01))
    kinds = {row["line"]: row["epochs"] for row in rows_of(_drawing(subject), "runs")}
    runs = subject.fit.runs
    again = {int(line) for line in runs.line[runs.tokens > runs.unique * 1.01]}

    assert {line for line, kind in kinds.items() if kind == "tokens repeated"} == again
    assert set(kinds.values()) == {"tokens repeated", "tokens seen once"}


def test_runs_without_a_predicted_loss_are_counted() -> None:
    subject = made(on_budgets(noise=0.001), "isoflop")
    some = [row | {"predicted": None} if row["line"] == 5 else row for row in subject.fit.residuals]
    found = _drawing(replace(subject, fit=replace(subject.fit, residuals=some)))

    assert len(rows_of(found, "runs")) == 62
    assert found.says.endswith("For 1 more, the fit gives no loss.")


def test_a_fit_without_losses_says_so() -> None:
    subject = made(scattered())
    none = [row | {"predicted": None} for row in subject.fit.residuals]

    assert FIGURE.draw(replace(subject, fit=replace(subject.fit, residuals=none))) == (
        "The method parametric gives no loss for these runs, so there are no residuals."
    )


def test_the_command_writes_the_residuals() -> None:
    assert _drawing(made(scattered())).made_by[0].text == "tokaudit fit runs.csv --show residuals"


def test_each_run_is_a_point_and_a_line_is_the_fit() -> None:
    found = _drawing(made(scattered()))

    assert len(marks(found, "symbol")) == len(rows_of(found, "runs"))
    assert len(marks(found, "rule")) == 1
