"""The supply per value of labels, domains and sources, whose duplicates are found anew within each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np

from tokaudit.catalog.queries import SUPPLY_COLUMNS
from tokaudit.catalog.statements import fetch_rows, fetch_rows_with_incoming, fetch_with_incoming, statement
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row
from tokaudit.core.types import Int64
from tokaudit.dedup.components import duplicates_of, number_texts

_MOST_KEYS: Final = 4  # as many as the statements join
_PLACES: Final = ("domain", "source")
_NOTHING: Final = dict.fromkeys(SUPPLY_COLUMNS, 0)


def supply_in_groups(
    connection: duckdb.DuckDBPyConnection, by: str, tokenizer: str, passing: Int64 | None = None
) -> tuple[tuple[str, ...], list[Row]]:
    """The names of the keys, and one row of the supply per combination of their values.

    A document without a label is in a row where its value is None. Bad records have no labels and can't be filtered:
    they are those of the domain or source if there is no other key, else None.

    Args:
        connection: to the catalog.
        by: ``domain``, ``source`` or the name of a label, or such names with commas.
        tokenizer: name in the catalog.
        passing: the only documents that there are; None: all.

    Raises:
        UsageError: no document has a label of that name, which lists the known labels; or there are too many names.
    """
    keys = _PLACES if by == "source" else tuple(_keys(by, known_labels(connection)))
    rows = [_row(keys, row) for row in _rows(connection, keys, tokenizer, passing)]
    if set(keys) <= set(_PLACES):
        bad = _bad_records(connection, keys)
        rows = [row | {"bad_records": bad[tuple(row[key] for key in keys)]} for row in rows]
    return keys, rows


def supply_of(connection: duckdb.DuckDBPyConnection, tokenizer: str, passing: Int64) -> Row:
    """The supply of these documents, deduplicated together; its bad records are those of the whole catalog."""
    rows = _rows(connection, (), tokenizer, passing)
    counted = {column: rows[0][column] for column in SUPPLY_COLUMNS} if rows else _NOTHING
    return counted | {"bad_records": sum(_bad_records(connection, ("domain",)).values())}


def known_labels(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of all labels in the catalog, in order."""
    return [row[0] for row in connection.execute("select distinct name from labels order by name").fetchall()]


@dataclass(frozen=True, slots=True)
class GroupedDocuments:
    """Documents that have duplicates somewhere in the catalog, in the order that decides which is kept.

    Attributes:
        document: their numbers.
        row: the row that each is in, from 0.
        text: the text of each, from 0.
        ends: pairs of near-duplicate texts, (m, 2).
    """

    document: Int64
    row: Int64
    text: Int64
    ends: Int64


def grouped_documents(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], passing: Int64 | None = None
) -> GroupedDocuments:
    """The documents in groups, with a row for each combination of the keys' values.

    Args:
        connection: to the catalog.
        keys: at most four of ``domain``, ``source`` and labels; none: all documents are in one row.
        passing: the only documents that there are; None: all.
    """
    some = {"document": np.empty(0, np.int64) if passing is None else passing}
    parameters = {"keys": _padded(keys), "filtered": passing is not None}
    columns = fetch_with_incoming(connection, statement("documents_in_groups"), some, parameters)
    document, row, *key = columns.values()
    links = connection.execute("select a_hi, a_lo, b_hi, b_lo from store.links").fetchnumpy()
    text, ends = number_texts(np.column_stack(key), np.column_stack(list(links.values())))
    return GroupedDocuments(document, row, text, ends)


def _rows(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], tokenizer: str, passing: Int64 | None
) -> list[Row]:
    grouped = grouped_documents(connection, keys, passing)
    drops = duplicates_of(grouped.row, grouped.text, grouped.ends)
    dropped = grouped.document[drops.document]
    if passing is None:
        incoming = {"document": dropped, "counts": np.zeros(len(dropped), bool), "exact_copy": drops.exact_copy}
    else:
        copies = dropped[drops.exact_copy]
        incoming = {
            "document": passing,
            "counts": ~np.isin(passing, dropped),
            "exact_copy": np.isin(passing, copies),
        }
    parameters = {"tokenizer": tokenizer, "keys": _padded(keys), "filtered": passing is not None}
    found = fetch_rows_with_incoming(connection, statement("supply_in_groups"), incoming, parameters)
    return sorted(found, key=lambda row: [row[f"key_{number}"] for number in range(1, _MOST_KEYS + 1)])


def _padded(keys: Sequence[str]) -> list[str]:
    return [*keys, *[""] * (_MOST_KEYS - len(keys))]


def _keys(by: str, known: Sequence[str]) -> list[str]:
    """The domain, source and labels that are meant; a label may have a comma in its name."""
    keys = [by] if by in known else [name.strip() for name in by.split(",")]
    possible = list(dict.fromkeys([*_PLACES, *known]))
    for key in keys:
        if key not in possible:
            raise UsageError(f"--by: {unknown_name('label', key, possible)}")
    keys = list(dict.fromkeys(keys))
    if len(keys) > _MOST_KEYS:
        raise UsageError(f"--by: takes at most {_MOST_KEYS} labels, not {len(keys)}; leave some out")
    return keys


def _row(keys: Sequence[str], row: Row) -> Row:
    values = [row.pop(f"key_{number}") for number in range(1, _MOST_KEYS + 1)]
    return {key: value or None for key, value in zip(keys, values, strict=False)} | row


def _bad_records(connection: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The bad records of each combination of domain and source, or of one of them."""
    found: dict[tuple[str, ...], int] = {}
    for row in fetch_rows(connection, _BAD_RECORDS):
        values = tuple(row[key] for key in keys)
        found[values] = found.get(values, 0) + row["bad_records"]
    return found


_BAD_RECORDS: Final = (
    "select domain, source, sum(bad_records)::bigint as bad_records"
    " from store.whole join store.sources using (source) group by all"
)
