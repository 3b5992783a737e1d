"""Two saved plans compared."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tokaudit.planning.diff_plans import COLUMNS, diff_plans
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import SavedPlan


def saved(name: str = "a", **options: Any) -> SavedPlan:
    """A plan as if it had been saved."""
    asked = PlanOptions(**{"budget": {"flops": "1e24"}, "supply": "web=1T,code=10B", **options})
    made = plan(plan_request(asked, Path("none.duckdb")))
    return SavedPlan(name, datetime(2026, 1, 1), "1", asked, made)  # noqa: DTZ001 - as in a catalog


pytestmark = pytest.mark.slow
OTHERS = {
    "budget": {"budget": {"flops": "1e25"}},
    "mixture": {"mixture": "web=0.5,code=0.5"},
    "all": {"budget": {"params": "7B", "tokens": "2T"}, "supply": "web=1T,books=1B", "mixture": "web=0.9,books=0.1"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_the_need_changes_by_the_run_and_by_the_share(other: dict[str, Any]) -> None:
    first, second = saved(), saved("b", **other)
    found = diff_plans(first, second)
    need = [{row.domain: row.tokens_needed for row in each.plan.domains} for each in (first, second)]

    assert {row["domain"] for row in found.rows} == {*need[0], *need[1]}
    for row in found.rows:
        before, after = (each.get(row["domain"], 0.0) for each in need)
        assert tuple(row) == COLUMNS
        assert row["tokens_needed"] == after - before
        assert row["because_of_tokens"] + row["because_of_share"] == pytest.approx(after - before, rel=1e-12)
    runs = [sum(each.values()) for each in need]
    assert found.extra["total"]["tokens_needed"]["change"] == pytest.approx(runs[1] - runs[0], abs=1)


def test_a_larger_run_needs_more_because_of_tokens_alone() -> None:
    rows = diff_plans(saved(), saved("b", budget={"flops": "1e25"})).rows

    assert [row["because_of_tokens"] == pytest.approx(row["tokens_needed"]) for row in rows] == [True, True]
    assert all(abs(row["because_of_share"]) < 1 for row in rows)


def test_another_mixture_moves_tokens_from_one_domain_to_another() -> None:
    rows = diff_plans(saved(), saved("b", mixture="web=0.5,code=0.5")).rows

    assert [row["because_of_tokens"] for row in rows] == [0, 0]
    assert rows[0]["because_of_share"] == pytest.approx(-rows[1]["because_of_share"])


def test_unique_tokens_change_with_the_supply() -> None:
    found = diff_plans(saved(), saved("b", supply="web=1.5T,books=3B"))
    rows = {row["domain"]: row for row in found.rows}

    assert {domain: row["tokens_unique"] for domain, row in rows.items()} == {"code": -1e10, "web": 5e11, "books": 3e9}
    assert (rows["code"]["tokens_unique_b"], rows["books"]["tokens_unique_a"]) == (None, None)
    assert found.extra["total"]["tokens_unique"] == {"a": 1.01e12, "b": 1.503e12, "change": 4.93e11}


def test_options_that_differ_are_said_as_typed() -> None:
    first = saved(max_epochs="4")
    second = saved("b", budget={"params": "7B"}, law="porian2024")

    assert diff_plans(first, second).extra["settings"] == [
        {"setting": "--flops", "a": "1e24", "b": None},
        {"setting": "--max-epochs", "a": "4", "b": None},
        {"setting": "--law", "a": "besiroglu2024", "b": "porian2024"},
        {"setting": "--params", "a": None, "b": "7B"},
    ]


def test_answers_have_both_plans() -> None:
    first, second = saved(), saved("b", mixture="web=0.5,code=0.5")
    answers = {row["answer"]: (row["a"], row["b"]) for row in diff_plans(first, second).extra["answers"]}

    assert answers["constraint"] == ("compute", "data")
    assert answers["binding_domain"] == ("web", "code")
    assert answers["flops"] == (1e24, 1e24)
    assert answers["compute_equivalent_share"] == (
        first.plan.compute_equivalent_share,
        second.plan.compute_equivalent_share,
    )


def test_another_scaling_law_is_a_warning() -> None:
    notes = diff_plans(saved(), saved("b", law="porian2024")).notes

    assert "the plans use different scaling laws (besiroglu2024 and porian2024), which may count other tokens" in notes


def test_the_same_plan_has_no_changes() -> None:
    found = diff_plans(saved(), saved("b"))

    assert found.extra["settings"] == found.extra["by_input"] == []
    assert all(row["tokens_needed"] == 0 for row in found.rows)
    assert found.notes == ()
