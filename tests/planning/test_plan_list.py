"""The saved plans of a catalog as rows."""

from pathlib import Path

import pytest
from made.samples import count_into, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan_list import list_plans
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import save_plan


def save(catalog: Path, name: str, options: PlanOptions) -> None:
    save_plan(catalog, name, options, plan(plan_request(options, catalog)), force=False)


def test_a_row_says_the_verdict_and_the_command_that_makes_the_plan_anew(copy: Path) -> None:
    save(copy, "first", PlanOptions({"flops": "1e22"}, supply="web=1T"))
    answer = list_plans(copy)
    (row,) = answer.rows

    assert tuple(row) == answer.columns
    assert len(answer.types) == len(answer.columns)
    assert (row["constraint"], row["flops"], row["supply_changed"]) == ("compute", 1e22, None)
    assert row["command"] == "tokaudit plan --flops 1e22 --supply web=1T --save first --force"
    assert answer.notes == ()


@pytest.mark.slow
def test_a_plan_on_measured_text_says_whether_it_changed(copy: Path) -> None:
    save(copy, "first", PlanOptions({"flops": "1e12"}))
    before = list_plans(copy)
    write_jsonl(copy.parent / "more" / "x.jsonl", [text(200)])
    count_into(copy, copy.parent / "more", "web")
    after = list_plans(copy)

    assert [row["supply_changed"] for row in (*before.rows, *after.rows)] == [False, True]
    assert before.notes == ("the measured text that plans are compared with is not final, or not all of the input",)
    assert before.extra["complete"] is False  # a bad record is left out
    assert after.notes[0].endswith("; `tokaudit plan --flops 1e12 --save first --force` makes it anew")


def test_a_plan_that_cannot_be_shown_stays_in_the_list(copy: Path) -> None:
    save(copy, "first", PlanOptions({"flops": "1e22"}, supply="web=1T"))
    with exclusive_writer(copy), write_transaction(copy) as connection:
        connection.execute("update store.plans set document = '{}'")
    answer = list_plans(copy)
    (row,), (note,) = answer.rows, answer.notes

    assert (row["name"], row["constraint"], row["supply_changed"]) == ("first", "compute", None)
    assert "can't show it" in note


def test_a_catalog_without_plans_says_how_to_save_one(copy: Path) -> None:
    answer = list_plans(copy)
    (note,) = answer.notes

    assert answer.rows == []
    assert note == f"no plan is saved in {copy}; `tokaudit plan --flops 1e24 --save NAME` saves one"
