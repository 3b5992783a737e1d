"""The figure of the verdict under each scaling law."""

from dataclasses import replace

import pytest
from made.drawings import drawn, marks, names_down, rows_of, texts
from made.made_plans import made_plan, without_supply

from tokaudit.planning.plan import Plan
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES


def _drawing(plan: Plan) -> Drawing:
    return drawn("laws", plan)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A budget on which the laws disagree."""
    return made_plan("web=500B", budget={"flops": 1e24}).plan


def test_its_rows_are_those_of_the_plan(plan: Plan) -> None:
    assert plan.sensitivity is not None
    rows = {row["law"]: row for row in rows_of(_drawing(plan), "laws")}
    assert len(rows) == len(plan.sensitivity)
    for each in plan.sensitivity:
        row = rows[each.law]
        assert (row["params"], row["tokens"], row["constraint"]) == (each.params, each.tokens, each.constraint)


def test_the_plan_s_own_law_stands_first_then_those_with_a_vote(plan: Plan) -> None:
    found = _drawing(plan)
    votes = [row["votes"] for row in rows_of(found, "laws")]
    assert names_down(found)[0] == "besiroglu2024 (this plan)"
    assert votes == sorted(votes, reverse=True)


def test_it_says_how_many_agree_and_who_says_otherwise(plan: Plan) -> None:
    assert _drawing(plan).says == (
        "4 of 5 laws with a vote say that compute is the constraint; grattafiori2024, hoffmann2022-approach3 "
        "(no vote), hoffmann2022-approach3-rounded (no vote) and 1 more say data. "
        "With unlimited data, the best run has 71.2B to 109B parameters by the laws with a vote."
    )


def test_a_law_without_a_vote_is_an_outline(plan: Plan) -> None:
    votes = [row["votes"] for row in rows_of(_drawing(plan), "laws")]
    assert [mark.get("fill-opacity") != "0" for mark in marks(_drawing(plan), "symbol")] == votes


def test_each_row_has_the_verdict_and_the_best_run_in_words(plan: Plan) -> None:
    found = texts(_drawing(plan))
    assert "data \N{MIDDLE DOT} 71.2B on 2.34T tokens" in found
    assert "compute (no vote) \N{MIDDLE DOT} 725B on 230B tokens" in found


def test_the_size_of_a_run_as_given_is_marked(plan: Plan) -> None:
    given = made_plan("web=500B", budget={"params": 70e9, "tokens": 1.4e12}).plan
    assert given.sensitivity is not None
    assert len(marks(_drawing(given), "rect")) == len(given.sensitivity)
    assert marks(_drawing(plan), "rect") == []


def test_without_a_supply_there_are_sizes_and_no_verdicts(plan: Plan) -> None:
    assert plan.sensitivity is not None
    none = tuple(replace(each, constraint=None) for each in plan.sensitivity)
    found = _drawing(replace(plan, sensitivity=none, constraint=None))
    assert found.says.endswith("Without a supply, no law can give a verdict.")
    assert "no verdict \N{MIDDLE DOT} 95.9B on 1.74T tokens" in texts(found)


def test_the_table_has_every_law(plan: Plan) -> None:
    assert plan.sensitivity is not None
    assert len(_drawing(plan).table.rows) == len(plan.sensitivity)


def test_without_other_laws_there_is_nothing_to_draw() -> None:
    sentence = "No other law was asked, so there is nothing to compare."
    assert FIGURES.get("laws").draw(without_supply(flops=1e24).plan) == sentence


def test_the_mark_is_at_the_size_of_the_run_as_given() -> None:
    found = _drawing(made_plan("web=500B", budget={"params": 70e9, "tokens": 1.4e12}).plan)
    places = [layer.get("encoding", {}).get("x", {}) for layer in found.chart.to_dict()["layer"]]
    assert [place["datum"] for place in places if "datum" in place] == [70e9]
