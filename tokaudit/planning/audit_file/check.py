"""Checks of all sources and plans of ``tokaudit.toml``, before the first of them takes hours."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.saved_names import check_saved_name
from tokaudit.pipeline.limit_options import parse_limits
from tokaudit.pipeline.options import IngestOptions, source_settings
from tokaudit.pipeline.select import AUTO
from tokaudit.planning.audit_file.options import Settings, ingest_options, plan_options
from tokaudit.planning.audit_file.read import AuditFile
from tokaudit.planning.fail_on import parse_fail_on
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.readers.formats import READERS

_ANY_SUPPLY: Final = "text=1T"


def check_all(file: AuditFile, settings: Settings, catalog: Path) -> None:
    """Check what can be checked of sources and plans without reading text.

    Raises:
        UsageError: a name, a number or what goes together is wrong; the message has its line.
    """
    for source in file.sources:
        _check(file, ("sources", source), partial(_check_source, ingest_options(file, source, settings)))
    for plan in file.plans:
        stops = file.plans[plan].get("fail_on", ())
        _check(file, ("plans", plan), partial(_check_plan, plan, plan_options(file, plan, settings), stops, catalog))


def _check(file: AuditFile, table: tuple[str, str], check: Callable[[], None]) -> None:
    try:
        check()
    except UsageError as error:
        section, name = table
        place = file.place_of(section, name, str(error))
        raise UsageError(f"{place}: {section.removesuffix('s')} {name!r}: {error}") from error


def _check_source(options: IngestOptions) -> None:
    source_settings(options)
    parse_limits(options.limits)
    if options.reader != AUTO:
        READERS.check(options.reader)


def _check_plan(name: str, options: PlanOptions, stops: tuple[str, ...], catalog: Path) -> None:
    """Check a plan as if its supply were known, unless it is numbers: another may still have to be counted."""
    check_saved_name(name, "a plan")
    parse_fail_on(stops)
    supply = options.supply if _is_numbers(options.supply) else _ANY_SUPPLY
    plan_request(
        replace(options, supply=supply, where=None, count_synthetic=False, tokenizer=None),
        catalog,
    )


def _is_numbers(supply: object) -> bool:
    return isinstance(supply, Mapping) or (
        isinstance(supply, str) and "=" in supply and not supply.lower().endswith(".csv")
    )
