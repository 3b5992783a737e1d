"""Pages and cards of a catalog and a plan: what ``tokaudit report`` and ``tokaudit plan --html`` write."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.plan_command import given_options
from tokaudit.reports.page.page import Page, page

if TYPE_CHECKING:
    from tokaudit.audit.overview import Overview

_OF_BOTH = frozenset({"law", "tokenizer"})
"""Options that alone ask for no plan: settings may give them, and the tokenizer is also that of the audit."""


class Card(NamedTuple):
    """A dataset card: its text in Markdown, and whether and why the numbers are not final or not of all the input."""

    text: str
    complete: bool
    notes: tuple[str, ...]


def plan_page(made: MadePlan, catalog: Path) -> Page:
    """The page of a plan; if any of its supply is measured, with what the catalog has.

    Raises:
        CatalogError: the catalog can't be read any more.
        MissingPackageError: tokaudit was not installed with pip.
    """
    measured = any(entry.tokens_seen is not None for entry in made.request.supply.domains)
    return page(made, _overview(catalog, made.options.tokenizer) if measured else None)


def report_page(options: PlanOptions, catalog: Path) -> Page:
    """The page of what a catalog has, and of the plan if the options ask for one.

    Args:
        options: the options of a plan; without a budget and all that only plans have, there is no plan.
        catalog: the catalog; if there is a plan, it need not exist or contain anything.

    Raises:
        UsageError: nothing is counted and no plan is asked for, or an option is wrong.
        InputError: the file of a supply can't be read.
        CatalogError: the catalog can't be read, or there is neither a catalog nor a plan.
        MissingPackageError: tokaudit was not installed with pip.
    """
    if not _plan_options(options):
        if not catalog.is_file():
            raise CatalogError(
                f"{catalog}: no catalog found; create one with `tokaudit ingest`, or give a budget such as --flops 1e24"
                " for the page of a plan"
            )
        return page(None, _overview(catalog, options.tokenizer))
    # DuckDB reads a large catalog while Python computes the plan: together they take what the longer of them takes.
    with ThreadPoolExecutor(max_workers=1) as beside:
        counted = beside.submit(_overview_if_counted, catalog, options.tokenizer)
        made = make_plan(options, catalog)
        return page(made, counted.result())


def catalog_card(options: PlanOptions, catalog: Path, page: Path | None) -> Card:
    """The card of what a catalog has.

    Args:
        options: the options of a plan, of which a card takes the tokenizer alone.
        catalog: the catalog.
        page: the page that is asked for, too; a call writes one of them.

    Raises:
        UsageError: nothing is counted, a page is asked for, or an option of a plan is given.
        CatalogError: the catalog can't be read.
    """
    if page is not None:
        raise UsageError(f"--card: is written instead of the page {page}; leave out one of them")
    if _plan_options(options):
        raise UsageError("--card: is about what was counted, not about a run; leave out the options of a plan")
    from tokaudit.reports.card import card  # noqa: PLC0415 - loads DuckDB

    found = _overview(catalog, options.tokenizer)
    return Card(card(found), found.complete, found.notes)


def _plan_options(options: PlanOptions) -> set[str]:
    """The given options that ask for a plan."""
    return given_options(options).keys() - _OF_BOTH


def _overview(catalog: Path, tokenizer: str | None) -> "Overview":
    from tokaudit.audit.overview import overview  # noqa: PLC0415 - loads DuckDB

    return overview(catalog, tokenizer)


def _overview_if_counted(catalog: Path, tokenizer: str | None) -> "Overview | None":
    """What the catalog has; None if nothing is counted, or not with this tokenizer, as the plan can do without."""
    try:
        return _overview(catalog, tokenizer) if catalog.is_file() else None
    except UsageError:
        return None
