"""Two catalogs compared: by how much the tokens differ, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from tokaudit.audit.answer import Answer
from tokaudit.audit.diff_causes import COLUMNS, FIELDS, TYPES, causes
from tokaudit.audit.diff_settings import setting_notes, settings
from tokaudit.catalog.completeness import choose_tokenizer, completeness, vocabularies
from tokaudit.catalog.connection import open_readonly, reading
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row

_NONE: Final = dict.fromkeys(FIELDS, 0)


def diff_catalogs(first: Path, second: Path, by: str, tokenizer: str | None) -> Answer:
    """What changed from the first catalog to the second, a row per domain or source and cause.

    The rows of a domain or source add up to its change. Next to them are ``a`` and ``b`` (the catalogs), ``tokenizer``,
    ``supply`` (each row's numbers in both), ``total`` (the whole catalog's numbers in both, and their change),
    ``causes`` (of that), ``settings`` (that differ) and ``complete``.

    Args:
        first: the catalog to compare with, called A.
        second: the other catalog, called B.
        by: ``domain`` or ``source``.
        tokenizer: the tokenizer to count in; None: the first catalog's first that the second has too.

    Raises:
        UsageError: the catalogs have no vocabulary in common, or not all is counted with it.
        CatalogError: a catalog can't be read.
    """
    with open_readonly(first) as a, open_readonly(second) as b:
        names = _tokenizers((first, a), (second, b), tokenizer)
        with reading(first):  # all of it before both are read at once, so that an error names the right catalog
            before = _read(a, names[0], by, "A")
        after = _read(b, names[1], by, "B")
        rows, whole = causes(a, b, by, names)
        other = settings(a, b)
    keys = sorted({*before.supply, *after.supply})
    extra = {
        "a": str(first),
        "b": str(second),
        "tokenizer": names[0] or names[1],
        "supply": [{by: key, **_both(before.supply.get(key, _NONE), after.supply.get(key, _NONE))} for key in keys],
        "total": _both(before.total, after.total),
        "causes": whole,
        "settings": other,
        "complete": before.complete and after.complete,
    }
    notes = (*before.notes, *after.notes, *setting_notes(other))
    return Answer((by, *COLUMNS), rows, extra, notes, types=("VARCHAR", *TYPES))


def _both(before: Mapping[str, Any], after: Mapping[str, Any]) -> Row:
    """Field -> its values in both and the change."""
    return {field: {"a": before[field], "b": after[field], "change": after[field] - before[field]} for field in FIELDS}


@dataclass(frozen=True, slots=True)
class _Catalog:
    """The numbers of one catalog: of each row, of all of it, and whether and why they are not final."""

    supply: dict[str, Row]
    total: Row
    complete: bool
    notes: list[str]


def _read(connection: duckdb.DuckDBPyConnection, tokenizer: str | None, by: str, name: str) -> _Catalog:
    complete, notes = completeness(connection)
    if tokenizer is None:  # nothing is counted
        return _Catalog({}, _NONE, complete, [])
    rows, whole = (
        fetch_rows(connection, shipped_query("supply").sql, {"by": each, "tokenizer": tokenizer})
        for each in (by, "catalog")
    )
    total = whole[0] if whole else _NONE
    return _Catalog({row[by]: row for row in rows}, total, complete, [f"{name}: {note}" for note in notes])


def _tokenizers(
    first: tuple[Path, duckdb.DuckDBPyConnection], second: tuple[Path, duckdb.DuckDBPyConnection], wanted: str | None
) -> tuple[str | None, str | None]:
    """The names of one vocabulary in both catalogs; None where nothing is counted.

    Raises:
        UsageError: they have none in common, or not all is counted with it.
    """
    a, b = (vocabularies(connection) for _, connection in (first, second))
    if not (a and b):
        return _chosen(*first, wanted) if a else None, _chosen(*second, wanted) if b or not a else None
    there = {sha256: name for name, sha256 in b.items()}
    if wanted is None:
        wanted = next((name for name, sha256 in a.items() if sha256 in there), None)
        if wanted is None:
            raise UsageError(
                f"{first[0]} and {second[0]} are counted with different vocabularies ({', '.join(a)}; {', '.join(b)});"
                " count the text of one with a tokenizer of the other: `tokaudit ingest PATH --domain NAME --tokenizer"
                f" {next(iter(a))}`"
            )
    name = _chosen(*first, wanted)
    if a[name] not in there and name in b:
        raise UsageError(
            f"{second[0]}: tokenizer {name!r} is another vocabulary than in {first[0]} ({b[name][:12]}, not"
            f" {a[name][:12]}); name a tokenizer that both have"
        )
    return name, _chosen(*second, there.get(a[name], wanted))


def _chosen(path: Path, connection: duckdb.DuckDBPyConnection, wanted: str | None) -> str:
    try:
        return choose_tokenizer(connection, wanted)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
