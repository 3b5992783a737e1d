"""Plans saved in the catalog."""

from pathlib import Path

import pytest
from made.samples import ask

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_command import plan_command
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import check_plan_name, forget_plan, save_plan, saved_plan, saved_plans

OPTIONS = PlanOptions({"params": "7B", "tokens": "2T"}, supply="web=1T,code=100B", mixture="web=0.7,code=0.3")


def planned(options: PlanOptions = OPTIONS) -> Plan:
    return plan(plan_request(options, Path("none.duckdb")))


def test_a_saved_plan_comes_back_with_its_options(tmp_path: Path) -> None:
    catalog, made = tmp_path / "c.duckdb", planned()
    save_plan(catalog, "first", OPTIONS, made, force=False)
    found = saved_plan(catalog, "first")

    assert found.plan == made
    assert plan_command(found.options) == plan_command(OPTIONS)


def test_the_columns_of_a_saved_plan_are_fields_of_the_plan(tmp_path: Path) -> None:
    catalog, made = tmp_path / "c.duckdb", planned()
    save_plan(catalog, "first", OPTIONS, made, force=False)
    (row,) = saved_plans(catalog)
    assert made.constrained is not None
    assert made.certainty is not None
    assert made.mixture is not None
    wanted = {
        "name": "first",
        "law": made.law,
        "flops": made.budget.flops,
        "params": 7e9,
        "tokens": 2e12,
        "constraint": made.constraint,
        "cause": made.cause,
        "certainty": made.certainty.level,
        "binding_domain": "code",
        "epochs": pytest.approx(6),
        "params_constrained": made.constrained.params,
        "tokens_constrained": made.constrained.tokens,
        "compute_equivalent_share": made.compute_equivalent_share,
        "mixture": made.mixture.name,
        "supply_origin": made.supply_origin,
    }

    assert {column: row[column] for column in wanted} == wanted
    assert ask(
        catalog, "select plan, domain, share, tokens_needed, tokens_unique, epochs, verdict from plan_domains"
    ) == [
        ("first", row.domain, row.share, row.tokens_needed, row.tokens_unique, row.epochs, row.verdict)
        for row in made.domains
    ]


def test_a_name_that_is_taken_needs_force(tmp_path: Path) -> None:
    catalog, other = tmp_path / "c.duckdb", PlanOptions({"flops": "1e21"}, supply="web=1T")
    for name in ("first", "second"):
        save_plan(catalog, name, OPTIONS, planned(), force=False)
    with pytest.raises(UsageError, match="already has a plan first; pass --force"):
        save_plan(catalog, "first", other, planned(other), force=False)
    save_plan(catalog, "first", other, planned(other), force=True)

    assert [(row["name"], row["flops"]) for row in saved_plans(catalog)] == [("first", 1e21), ("second", 8.4e22)]
    assert ask(catalog, "select plan, count(*) from plan_domains group by all order by all") == [
        ("first", 1),
        ("second", 2),
    ]


@pytest.mark.parametrize("name", ["", "a b", "-x", "plan:x", "a/b"])
def test_a_name_has_letters_digits_and_few_signs(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not a name for a plan"):
        check_plan_name(tmp_path / "c.duckdb", name, force=False)


def test_a_forgotten_plan_leaves_the_others(tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    for name in ("first", "second"):
        save_plan(catalog, name, OPTIONS, planned(), force=False)
    forget_plan(catalog, "first")

    assert [row["name"] for row in saved_plans(catalog)] == ["second"]
    assert ask(catalog, "select distinct plan from plan_domains") == [("second",)]
    with pytest.raises(UsageError, match=r"has no saved plan 'first' \(saved: second\)"):
        forget_plan(catalog, "first")


def test_an_unknown_plan_lists_the_saved_ones(tmp_path: Path) -> None:
    save_plan(tmp_path / "c.duckdb", "first", OPTIONS, planned(), force=False)
    with pytest.raises(UsageError, match="first"):
        saved_plan(tmp_path / "c.duckdb", "frist")


def test_a_plan_that_cannot_be_shown_names_the_command_that_makes_it_anew(tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    save_plan(catalog, "first", OPTIONS, planned(), force=False)
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.plans set document = '{}', version = '9.9'")

    with pytest.raises(CatalogError, match=r"saved by tokaudit 9\.9.*`tokaudit plan --params 7B --tokens 2T"):
        saved_plan(catalog, "first")


def test_reading_plans_makes_no_catalog(tmp_path: Path) -> None:
    for read in (saved_plans, lambda path: saved_plan(path, "x"), lambda path: forget_plan(path, "x")):
        with pytest.raises(CatalogError, match="no catalog found"):
            read(tmp_path / "c.duckdb")
    assert list(tmp_path.iterdir()) == []
