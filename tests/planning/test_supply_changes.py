"""Whether the supply of a saved plan is still what the catalog measures."""

from pathlib import Path

import pytest
from made.samples import count_into, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import save_plan, saved_plan
from tokaudit.planning.supply_changes import SuppliesNow, SupplyChange


def changes(catalog: Path, options: PlanOptions) -> tuple[list[SupplyChange] | None, str]:
    """What changed since before more was counted, and the same in words."""
    save_plan(catalog, "first", options, plan(plan_request(options, catalog)), force=False)
    found = saved_plan(catalog, "first")
    assert SuppliesNow(catalog).words(found) == ""
    write_jsonl(catalog.parent / "more" / "x.jsonl", [text(200), text(201)])
    count_into(catalog, catalog.parent / "more", "web")
    return SuppliesNow(catalog).changes(found), SuppliesNow(catalog).words(found)


@pytest.mark.slow
@pytest.mark.parametrize("supply", [None, "measured"])
def test_a_measured_domain_that_grew_is_found(copy: Path, supply: str | None) -> None:
    found, _ = changes(copy, PlanOptions({"flops": "1e12"}, supply=supply))
    assert found is not None
    (change,) = found

    assert change.domain == "web"
    assert change.now is not None
    assert change.now > (change.then or 0) > 0


@pytest.mark.slow
def test_a_change_is_said_with_both_numbers(copy: Path) -> None:
    _, words = changes(copy, PlanOptions({"flops": "1e12"}))

    assert words.startswith("the supply of first has changed since: web ")
    assert words.endswith(")")
    assert "(was " in words


@pytest.mark.slow
def test_a_stated_supply_never_changes(copy: Path) -> None:
    assert changes(copy, PlanOptions({"flops": "1e22"}, supply="web=1T")) == (None, "")


def test_a_change_of_a_domain_is_worded_by_what_there_was() -> None:
    assert str(SupplyChange("web", 1.1e6, 1.2e6)) == "web 1.20M (was 1.10M)"
    assert str(SupplyChange("web", None, 1.2e6)) == "web 1.20M (was not there)"
    assert str(SupplyChange("web", 1.1e6, None)) == "web is gone (was 1.10M)"


@pytest.mark.slow
def test_a_published_supply_that_measured_text_replaced_has_changed(tmp_path: Path) -> None:
    catalog, options = tmp_path / "c.duckdb", PlanOptions({"flops": "1e24"})
    with exclusive_writer(catalog):
        pass
    _, words = changes(catalog, options)

    assert "more domains" in words
    assert "is gone (was " in words


@pytest.mark.slow
def test_a_supply_that_cannot_be_measured_any_more_says_why(copy: Path) -> None:
    options = PlanOptions({"flops": "1e12"}, supply="measured", tokenizer="words")
    save_plan(copy, "first", options, plan(plan_request(options, copy)), force=False)
    with exclusive_writer(copy), write_transaction(copy) as connection:
        connection.execute("update store.tokenizers set name = 'others', vocabulary_sha256 = 'x'")

    assert (
        SuppliesNow(copy)
        .words(saved_plan(copy, "first"))
        .startswith("the supply of first can't be measured any more (")
    )
