"""The figure of the terms of the loss."""

import re

import pytest
from made.drawings import drawn, marks, names_down, rows_of, texts
from made.made_plans import made_plan, without_supply
from made.plans import of_domains

from tokaudit.planning.curves.loss import loss
from tokaudit.planning.plan import Plan
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES


def _drawing(plan: Plan) -> Drawing:
    return drawn("loss", plan)


def test_its_rows_are_those_of_the_plan() -> None:
    plan = of_domains({"web": 5e11}, flops=1e24)
    assert {"terms": rows_of(_drawing(plan), "terms")} == loss(plan)


def test_it_says_the_loss_and_its_parts() -> None:
    parts = "too few parameters 0.0731, too few tokens 0.0695, repeated tokens 0.0059"
    assert _drawing(of_domains({"web": 5e11}, flops=1e24)).says == (
        "The loss of the optimal run on this supply is 1.9657 nats per token: "
        f"1.8172 are irreducible, and 0.1485 can be reduced ({parts})."
    )


def test_it_says_that_it_is_the_loss_of_the_run_as_given() -> None:
    says = _drawing(of_domains({"web": 5e11}, params=7e9, tokens=2e12)).says
    assert says.startswith("The loss of the run as given on this supply is ")


def test_each_step_begins_where_the_one_above_it_ends() -> None:
    plan = of_domains({"web": 5e11}, flops=1e24)
    bars = [bar.get("d", "") for bar in marks(_drawing(plan), "rect")]
    spans = [
        (float(left), float(width)) for bar in bars for left, width in re.findall(r"^M([\d.]+),[^h]*h([\d.]+)", bar)
    ]
    assert spans[0][0] == 0
    assert [left for left, _ in spans[1:]] == pytest.approx([sum(span) for span in spans[:-1]])


def test_the_parts_stand_in_the_order_of_the_sum() -> None:
    found = names_down(_drawing(of_domains({"web": 5e11}, flops=1e24)))
    assert found == ["irreducible", "too few parameters", "too few tokens", "repeated tokens"]


def test_each_part_has_its_number_and_share() -> None:
    found = texts(_drawing(of_domains({"web": 5e11}, flops=1e24)))
    assert "1.8172 nats" in found
    assert "0.0731 nats \N{MIDDLE DOT} 49 % of what can be reduced" in found


def test_without_a_supply_there_are_no_repeats() -> None:
    found = _drawing(without_supply(flops=1e24).plan)
    assert len(marks(found, "rect")) == 2
    assert found.says.startswith("The loss of the optimal run is 1.9597 nats per token")


def test_the_table_ends_with_the_total() -> None:
    plan = of_domains({"web": 5e11}, flops=1e24)
    rows = _drawing(plan).table.rows
    assert plan.loss is not None
    assert [row["part"] for row in rows][-1] == "total"
    assert rows[-1]["nats"] == pytest.approx(plan.loss.on_supply)
    assert sum(row["share"] for row in rows[:-1]) == pytest.approx(1)


def test_a_law_without_a_loss_has_no_terms() -> None:
    plan = made_plan("web=500B", budget={"flops": 1e24}, law="kaplan2020").plan
    assert FIGURES.get("loss").draw(plan) == "kaplan2020 gives no loss for this run, so there are no terms."


def test_shares_are_of_what_can_be_reduced_where_repeats_cost_most() -> None:
    found = texts(_drawing(of_domains({"web": 1e7}, flops=1e24)))
    shares = [float(match[1]) for text in found if (match := re.search(r"([\d.]+) % of what can be reduced", text))]

    assert sum(shares) == pytest.approx(100, abs=1)
