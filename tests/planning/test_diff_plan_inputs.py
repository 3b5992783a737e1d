"""The verdict of a saved plan with single inputs of another."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tokaudit.planning.diff_plan_inputs import verdicts_by_input
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import SavedPlan

pytestmark = pytest.mark.slow


def saved(name: str = "a", **options: Any) -> SavedPlan:
    """A plan as if it had been saved."""
    asked = PlanOptions(**{"budget": {"flops": "1e24"}, "supply": "web=1T,code=10B", **options})
    made = plan(plan_request(asked, Path("none.duckdb")))
    return SavedPlan(name, datetime(2026, 1, 1), "1", asked, made)  # noqa: DTZ001 - as in a catalog


def test_each_input_is_changed_by_itself() -> None:
    second = saved("b", budget={"flops": "1e25"}, mixture="web=0.5,code=0.5")
    found = verdicts_by_input(saved(), second)
    wanted = {
        "budget": saved(budget={"flops": "1e25"}).plan,
        "mixture": saved(mixture="web=0.5,code=0.5").plan,
    }

    assert [row["input"] for row in found.rows] == ["budget", "mixture"]
    for row in found.rows:
        made = wanted[row["input"]]
        assert row["constraint"] == made.constraint
        assert row["compute_equivalent_share"] == pytest.approx(made.compute_equivalent_share)
    assert found.warnings == []


def test_a_plan_on_published_text_is_made_again_from_its_numbers() -> None:
    found = verdicts_by_input(saved(supply="published"), saved("b", supply="published", mixture="palm"))

    assert [(row["input"], row["constraint"]) for row in found.rows] == [("mixture", "data")]


def test_inputs_that_do_not_go_together_are_left_out() -> None:
    found = verdicts_by_input(saved(), saved("b", supply="web=1T,books=10B"))

    assert [row["input"] for row in found.rows] == []
    assert [note.partition(" (")[0] for note in found.warnings] == [
        "the verdict with the supply of b alone is left out",
        "the verdict with the mixture of b alone is left out",
    ]


def test_a_plan_whose_numbers_do_not_give_its_verdict_is_left_out() -> None:
    first = saved()
    other = replace(first, plan=replace(first.plan, constraint="model"))

    assert verdicts_by_input(other, first).warnings == [
        "the verdict by single inputs is left out: the saved numbers alone do not give it again"
    ]


def test_plans_of_different_laws_or_without_a_supply_are_left_out() -> None:
    laws = verdicts_by_input(saved(), saved("b", law="porian2024"))
    without = verdicts_by_input(saved(), replace(saved("b"), plan=replace(saved().plan, constraint=None)))

    assert (laws.rows, without.rows, without.warnings) == ([], [], [])
    assert laws.warnings == ["the verdict by single inputs is left out: the plans use different scaling laws"]


def test_domains_may_have_names_that_no_list_can_have() -> None:
    supply = {"a, b = c": 1e12, "code": 1e10}
    found = verdicts_by_input(saved(supply=supply), saved("b", supply=supply, budget={"flops": "1e25"}))

    assert ([row["input"] for row in found.rows], found.warnings) == (["budget"], [])
