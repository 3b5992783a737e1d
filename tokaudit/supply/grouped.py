"""The supply per value of labels, domains and sources, whose duplicates are found anew within each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np

from tokaudit.catalog.statements import fetch_rows, statement
from tokaudit.core.arrow import integers, numbers, one_array
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row
from tokaudit.core.types import Int64
from tokaudit.dedup.components import duplicates_of, number_texts
from tokaudit.supply.keyed import KEYS, MOST_KEYS, PLACES, column, only, placed_documents, with_keys, with_tokens

_ORDER: Final = ("place", "ordinal", "turn")
_GROUPS: Final = ", ".join(KEYS)
_NO_KEYS: Final = ("",) * MOST_KEYS

# Not sorted: to sort after left joins, DuckDB 2.0 narrows sums to the range of single values, and they overflow.
_SEEN: Final = f"""
{_GROUPS}, count(*) as documents, sum(bytes)::bigint as bytes, sum(tokens)::bigint as tokens,
sum(round(tokens * (bytes_repeated_inside / greatest(bytes, 1)))::bigint)::bigint as tokens_repeated_inside
"""
_DROPPED: Final = f"""
{_GROUPS}, count(*) as documents, count(*) filter (exact_copy) as documents_exact, sum(tokens)::bigint as tokens,
coalesce((sum(tokens) filter (exact_copy))::bigint, 0) as tokens_exact
"""
_NAMES: Final = """
select distinct name from store.labels
anti join (select document from store.documents join store.files using (file) where state = 'staged') using (document)
order by name
"""
"""Only staged documents are looked up, and there are few."""


@dataclass(frozen=True, slots=True)
class SupplyInGroups:
    """A supply by the values of keys.

    Attributes:
        keys: the names of the keys.
        rows: one row per combination of their values.
        total: the supply of all these documents, deduplicated together; its bad records are those of the whole catalog.
    """

    keys: tuple[str, ...]
    rows: list[Row]
    total: Row


def supply_in_groups(
    connection: duckdb.DuckDBPyConnection, by: str, tokenizer: str, passing: Int64 | None = None
) -> SupplyInGroups:
    """The supply by keys, each row deduplicated by itself.

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
    keys = PLACES if by == "source" else tuple(_keys(by, known_labels(connection)))
    grouped = grouped_documents(connection, keys, passing)
    rows = _rows(connection, keys, tokenizer, passing, grouped)
    total = _total(connection, tokenizer, grouped, rows)
    if set(keys) <= set(PLACES):
        bad = _bad_records(connection, keys)
        rows = [row | {"bad_records": bad[tuple(row[key] for key in keys)]} for row in rows]
    return SupplyInGroups(keys, rows, total)


def known_labels(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of all labels in the catalog, in order."""
    return [row[0] for row in connection.execute(_NAMES).fetchall()]


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
    documents = connection.sql(statement("documents_in_groups"))
    if passing is not None:
        documents = only(connection, documents, only=passing)
    ordered = with_keys(connection, documents, keys).sort(*map(column, _ORDER))
    found = ordered.select(*map(column, ("document", "key_hi", "key_lo", *KEYS[: len(keys)]))).to_arrow_table()
    document, hi, lo, *values = (one_array(each) for each in found.columns)
    row = np.zeros(len(document), np.int64)
    for value in values:
        codes = value.dictionary_encode()
        row = row * max(1, len(codes.dictionary)) + numbers(codes.indices, np.int32)
    links = connection.execute("select a_hi, a_lo, b_hi, b_lo from store.links").fetchnumpy()
    halves = np.column_stack([numbers(hi, np.uint64), numbers(lo, np.uint64)])
    text, ends = number_texts(halves, np.column_stack(list(links.values())))
    return GroupedDocuments(integers(document), np.unique(row, return_inverse=True)[1], text, ends)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    keys: Sequence[str],
    tokenizer: str,
    passing: Int64 | None,
    grouped: GroupedDocuments,
) -> list[Row]:
    documents = placed_documents(connection)
    if passing is not None:
        documents = only(connection, documents, only=passing)
    counted = with_tokens(connection, documents, tokenizer)
    seen = _by_keys(with_keys(connection, counted, keys).aggregate(_SEEN, _GROUPS))
    dropped = _dropped(connection, keys, tokenizer, grouped, grouped.row)
    return [
        {key: value or None for key, value in zip(keys, values, strict=False)}
        | _unique(seen[values], dropped.get(values))
        | {"bad_records": None}
        for values in sorted(seen)
    ]


def _total(
    connection: duckdb.DuckDBPyConnection, tokenizer: str, grouped: GroupedDocuments, rows: Sequence[Row]
) -> Row:
    """The supply of the documents in all rows, deduplicated together."""
    seen: Row = {name: _sum(rows, f"{name}_seen") or 0 for name in ("documents", "bytes", "tokens")}
    seen["tokens_repeated_inside"] = _sum(rows, "tokens_repeated_inside") if rows else 0
    dropped = _dropped(connection, (), tokenizer, grouped, np.zeros_like(grouped.row))
    bad = sum(_bad_records(connection, ("domain",)).values())
    return _unique(seen, dropped.get(_NO_KEYS)) | {"bad_records": bad}


def _dropped(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[str], tokenizer: str, grouped: GroupedDocuments, row: Int64
) -> dict[tuple[str, ...], Row]:
    """Sums of the documents that do not count in their row, by the values of the keys; nothing without any."""
    drops = duplicates_of(row, grouped.text, grouped.ends)
    document = grouped.document[drops.document]
    dropped = only(connection, placed_documents(connection), only=document, exact_copy=drops.exact_copy)
    counted = with_tokens(connection, dropped, tokenizer)
    return _by_keys(with_keys(connection, counted, keys).aggregate(_DROPPED, _GROUPS))


def _by_keys(sums: duckdb.DuckDBPyRelation) -> dict[tuple[str, ...], Row]:
    rows = (dict(zip(sums.columns, row, strict=True)) for row in sums.fetchall())
    return {tuple(row.pop(key) for key in KEYS): row for row in rows}


def _unique(seen: Row, dropped: Row | None) -> Row:
    """The columns of a supply from the sums of its documents, and of those that do not count; None: none."""
    less = dropped or dict.fromkeys(("documents", "documents_exact", "tokens", "tokens_exact"), 0)
    return {
        "documents_seen": seen["documents"],
        "documents_unique_exact": seen["documents"] - less["documents_exact"],
        "documents_unique": seen["documents"] - less["documents"],
        "bytes_seen": seen["bytes"],
        "tokens_seen": seen["tokens"],
        "tokens_unique_exact": seen["tokens"] - less["tokens_exact"],
        "tokens_unique": seen["tokens"] - less["tokens"],
        "tokens_repeated_inside": seen["tokens_repeated_inside"],
    }


def _sum(rows: Sequence[Row], name: str) -> int | None:
    """The sum of a column; None if it has only nulls."""
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values) if values else None


def _keys(by: str, known: Sequence[str]) -> list[str]:
    """The domain, source and labels that are meant; a label may have a comma in its name."""
    keys = [by] if by in known else [name.strip() for name in by.split(",")]
    possible = list(dict.fromkeys([*PLACES, *known]))
    for key in keys:
        if key not in possible:
            raise UsageError(f"--by: {unknown_name('label', key, possible)}")
    keys = list(dict.fromkeys(keys))
    if len(keys) > MOST_KEYS:
        raise UsageError(f"--by: takes at most {MOST_KEYS} labels, not {len(keys)}; leave some out")
    return keys


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
