"""The documents that meet a condition such as ``language = 'en' and quality > 3``, by the labels that they have."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.catalog.connection import open_in_memory
from tokaudit.catalog.statements import fetch_rows, statement
from tokaudit.core.arrow import integers
from tokaudit.core.name_matching import did_you_mean
from tokaudit.core.types import Int64
from tokaudit.core.units import format_number_of
from tokaudit.supply.condition import Condition, fault, parse_condition
from tokaudit.supply.grouped import known_labels
from tokaudit.supply.keyed import placed_documents, with_label, with_tokens

_BUILT_IN: Final = ("domain", "source", "bytes", "words", "tokens")
_ANY: Final = {"bytes": "bytes"}
"""For a condition that names nothing: it needs rows to be evaluated on."""
_BATCH: Final = 100_000  # documents whose labels are in memory together


@dataclass(frozen=True, slots=True)
class PassingDocuments:
    """The documents that meet a condition.

    Attributes:
        documents: their numbers.
        notes: a sentence for each label that documents lack, and one if no document passes.
    """

    documents: Int64
    notes: tuple[str, ...]


def passing_documents(connection: duckdb.DuckDBPyConnection, where: str, tokenizer: str) -> PassingDocuments:
    """The documents for which the condition is true, neither false nor null.

    The condition is evaluated apart from the catalog, on a table of the labels that it names. A label is a number, a
    boolean, a date or a timestamp if all its values are; else it is text.

    Args:
        connection: to the catalog.
        where: the condition, a boolean expression of DuckDB's SQL.
        tokenizer: whose ``tokens`` the condition means; it has counted all documents.

    Raises:
        UsageError: the condition names an unknown label or has another fault.
    """
    with closing(open_in_memory()) as apart:
        condition = parse_condition(apart, where)
        labels = known_labels(connection)
        columns = _columns(condition, labels)
        types = _types(connection, [name for name in columns.values() if name in labels])
        lacking = dict.fromkeys((name for name in columns.values() if name in types), 0)
        found: list[Int64] = [np.empty(0, np.int64)]
        seen = 0
        condition.check(apart, _empty(columns, types))
        named = {column: name for column, name in columns.items() if column in condition.names} or _ANY
        for document, table in _batches(connection, tokenizer, named, types):
            answer = condition.evaluate(apart, table)
            found.append(integers(document.filter(answer)))  # nulls are dropped
            seen += len(document)
            unknown = answer.is_null()
            for column, name in named.items():
                if name in lacking:
                    lacking[name] += pc.sum(pc.and_(unknown, table[column].is_null())).as_py() or 0
    documents = np.concatenate(found)
    return PassingDocuments(documents, tuple(_notes(lacking, seen, len(documents))))


def _columns(condition: Condition, labels: Sequence[str]) -> dict[str, str]:
    """Column, as the condition writes it -> the label or property of documents that it means.

    Names in SQL have no case. An exact name has precedence.
    """
    known = [*labels, *(name for name in _BUILT_IN if name not in labels)]
    meant: dict[str, tuple[str, str]] = {}
    for column in condition.names:
        alike = [column] if column in known else [name for name in known if name.lower() == column.lower()]
        if len(alike) != 1:
            raise fault(_unknown(condition.text, column, known))
        before = meant.setdefault(column.lower(), (column, alike[0]))[1]
        if before != alike[0]:
            raise fault(f"can't tell the labels {before!r} and {alike[0]!r} apart, as names in SQL have no case")
    others = [name for name in _BUILT_IN if name not in meant]
    return dict(meant.values()) | {name: name for name in others}


def _unknown(text: str, column: str, known: Sequence[str]) -> str:
    """The message on an unknown name, with the remedy for text in double quotes."""
    hint = f"; text is written in single quotes: '{column}'" if f'"{column}"' in text else did_you_mean(column, known)
    return f"unknown label {column!r}{hint} (known: {', '.join(known)})"


def _types(connection: duckdb.DuckDBPyConnection, labels: Sequence[str]) -> dict[str, str]:
    """Label -> DuckDB's name of the type that all its values have."""
    if not labels:
        return {}
    return {row["name"]: row["type"] for row in fetch_rows(connection, statement("label_types"), {"labels": labels})}


_ARROW: Final[Mapping[str, pa.DataType]] = {
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "VARCHAR": pa.string(),
}


def _empty(columns: Mapping[str, str], types: Mapping[str, str]) -> pa.Table:
    texts = {"domain", "source"}
    kinds = {
        column: _ARROW[types[name]] if name in types else pa.string() if name in texts else pa.int64()
        for column, name in columns.items()
    }
    return pa.Table.from_arrays([pa.nulls(0, kind) for kind in kinds.values()], names=list(kinds))


def _batches(
    connection: duckdb.DuckDBPyConnection, tokenizer: str, columns: Mapping[str, str], types: Mapping[str, str]
) -> Iterator[tuple[pa.Int64Array, pa.Table]]:
    """Yield documents, and their values under the columns."""
    documents = placed_documents(connection)
    if "tokens" in columns.values():
        documents = with_tokens(connection, documents, tokenizer)
    selected = ["document"]
    for place, name in enumerate(columns.values()):
        if name in types:
            documents = with_label(connection, documents, name, f"label_{place}", types[name])
        selected.append(f"label_{place}" if name in types else name)
    for batch in documents.select(*selected).to_arrow_reader(_BATCH):
        document, *values = batch.columns
        yield document, pa.Table.from_arrays(values, names=list(columns))


def _notes(lacking: Mapping[str, int], seen: int, passing: int) -> Iterator[str]:
    for name, number in lacking.items():
        if number:
            some = f"{number:,} of {format_number_of(seen, 'document')}"
            lack, count = ("lacks", "does") if number == 1 else ("lack", "do")
            yield f"--where: {some} {lack} the label {name!r}, and so {count} not count"
    if not passing:
        yield f"--where: none of {format_number_of(seen, 'document')} meets the condition"
