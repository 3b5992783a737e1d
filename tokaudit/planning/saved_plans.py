"""Plans that users saved in the catalog under a name."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from tokaudit import __version__
from tokaudit.catalog.connection import open_readonly, utc_now, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row
from tokaudit.core.saved_names import check_is_saved, check_saved_name
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_command import options_document, options_of_document, plan_command
from tokaudit.planning.plan_document import plan_document, plan_of_document


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was saved.

    Attributes:
        name: its name.
        saved: when it was saved, UTC.
        version: the tokaudit that made it.
        options: the options that it was made with.
        plan: the plan.
    """

    name: str
    saved: datetime
    version: str
    options: PlanOptions
    plan: Plan

    @property
    def supply_is_measured(self) -> bool:
        """Whether its supply depends on what the catalog measures; without ``--supply`` it does."""
        supply = self.options.supply
        return supply is None or (isinstance(supply, str) and supply.startswith("measured"))


def check_plan_name(catalog: Path, name: str, *, force: bool) -> None:
    """Check that a plan can be saved under that name.

    Raises:
        UsageError: it is not a valid name, or is taken and ``force`` is not set.
        CatalogError: there is a catalog, and it can't be read.
    """
    check_saved_name(name, "a plan")
    if not force and catalog.is_file() and name in saved_plan_names(catalog):
        raise UsageError(f"--save: {catalog} already has a plan {name}; pass --force to replace it")


def save_plan(catalog: Path, name: str, options: PlanOptions, plan: Plan, *, force: bool) -> None:
    """Save a plan; makes the catalog if there is none.

    Args:
        catalog: the catalog.
        name: name of the plan.
        options: the options that it was made with.
        plan: the plan.
        force: whether to replace a saved plan of that name.

    Raises:
        UsageError: the name is not valid, or is taken and ``force`` is not set.
        CatalogError: the catalog can't be written.
    """
    check_plan_name(catalog, name, force=force)
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        _delete(connection, name)
        connection.execute(_INSERT_PLAN, [name, utc_now(), __version__, *_columns(plan), *_documents(options, plan)])
        for place, row in enumerate(plan.domains):
            connection.execute(_INSERT_DOMAIN, [name, place, *(getattr(row, column) for column in _DOMAIN_COLUMNS)])


def saved_plan_names(catalog: Path) -> list[str]:
    """Names of the plans saved in a catalog, sorted; none if it is older than saved plans.

    Raises:
        CatalogError: there is no catalog, or it can't be read.
    """
    return [row["name"] for row in saved_plans(catalog)]


def saved_plans(catalog: Path) -> list[Row]:
    """The saved plans by name, with the columns of the view ``plans``; none if the catalog is older than saved plans.

    Raises:
        CatalogError: there is no catalog, or it can't be read.
    """
    with open_readonly(catalog) as connection:
        return fetch_rows(connection, "from plans order by name")


def saved_plan(catalog: Path, name: str) -> SavedPlan:
    """A saved plan.

    Raises:
        UsageError: no saved plan has that name; the message lists the saved ones.
        CatalogError: there is no catalog, it can't be read, or another version saved what this one can't show.
    """
    found = {row["name"]: row for row in saved_plans(catalog)}
    if name not in found:
        raise UsageError(f"{catalog}: {unknown_name('saved plan', name, list(found))}")
    return plan_of_row(found[name], catalog)


def plan_of_row(row: Row, catalog: Path) -> SavedPlan:
    """The plan of a row of `saved_plans`.

    Raises:
        CatalogError: another version saved what this one can't show.
    """
    options = options_of_document(row["options"])
    try:
        plan = plan_of_document(row["document"])
    except ValueError as error:
        raise CatalogError(
            f"{catalog}: the plan {row['name']} was saved by tokaudit {row['version']}, and this one can't show it"
            f" ({error}); `{plan_command(options, row['name'])}` makes it anew"
        ) from error
    return SavedPlan(row["name"], row["saved"], row["version"], options, plan)


def forget_plan(catalog: Path, name: str) -> None:
    """Remove a saved plan.

    Raises:
        UsageError: no saved plan has that name; the message lists the saved ones.
        CatalogError: there is no catalog, or it can't be written.
    """
    # Before `exclusive_writer`, which would make a catalog if there is none.
    check_is_saved(name, "plan", saved_plan_names(catalog), catalog)
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        _delete(connection, name)


def _delete(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute("delete from store.plans where name = ?", [name])
    connection.execute("delete from store.plan_domains where plan = ?", [name])


def _documents(options: PlanOptions, plan: Plan) -> tuple[str, str]:
    return options_document(options), plan_document(plan)


def _columns(plan: Plan) -> list[object]:
    """What the table has next to the document, so that SQL need not read JSON."""
    binding = [entry.epochs for entry in plan.domains if entry.domain == plan.binding_domain]
    best = plan.constrained
    return [
        *(plan.law, plan.budget.flops, plan.budget.params, plan.budget.tokens, plan.constraint, plan.cause),
        *(plan.certainty and plan.certainty.level, plan.binding_domain, binding[0] if binding else None),
        *(best and best.params, best and best.tokens, plan.compute_equivalent_share),
        *(plan.mixture and plan.mixture.name, plan.supply_origin),
    ]


_INSERT_PLAN: Final = (
    'insert into store.plans (name, saved, version, law, flops, params, tokens, "constraint", cause, certainty,'
    " binding_domain, epochs, params_constrained, tokens_constrained, compute_equivalent_share, mixture, supply_origin,"
    " options, document) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_DOMAIN_COLUMNS: Final = (
    *("domain", "share", "tokens_needed", "tokens_unique", "tokens_unique_low", "tokens_unique_high"),
    *("epochs", "tokens_effective", "verdict"),
)
_INSERT_DOMAIN: Final = (
    "insert into store.plan_domains (plan, place, domain, share, tokens_needed, tokens_unique, tokens_unique_low,"
    " tokens_unique_high, epochs, tokens_effective, verdict) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
