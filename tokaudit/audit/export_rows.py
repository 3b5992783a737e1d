"""The documents that count over a whole catalog, and the others, as Arrow tables in a fixed order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.row_files import second_connection
from tokaudit.catalog.statements import arrow_with_incoming, fetch_rows, statement
from tokaudit.core.arrow import integers, one_array, to_arrow
from tokaudit.core.types import Int64
from tokaudit.supply.grouped import known_labels

_PLACE: Final = (
    ("source", pa.string()),
    ("domain", pa.string()),
    ("path", pa.string()),
    ("below", pa.string()),
    ("ordinal", pa.int64()),
    ("offset", pa.int64()),
    ("bytes", pa.int64()),
    ("words", pa.int64()),
)
_KEPT_COPY: Final = (
    ("kept_source", pa.string()),
    ("kept_path", pa.string()),
    ("kept_ordinal", pa.int64()),
    ("similarity", pa.float64()),
    ("kind", pa.string()),
)
_ORDER: Final = ("source", "below", "ordinal", "path")
"""The order that decides which duplicate is kept."""

_ROWS: Final = 65_536
"""Rows that are in memory together."""
_READ: Final = 2_048


@dataclass(frozen=True, slots=True)
class ExportedFields:
    """What the catalog knows of its documents beyond their places.

    Attributes:
        tokenizers: name -> number in the catalog, in order of number; at least one.
        labels: names of labels, in order.
    """

    tokenizers: Mapping[str, int]
    labels: Sequence[str]


def exported_fields(connection: duckdb.DuckDBPyConnection) -> ExportedFields:
    """The tokenizers and labels of a catalog."""
    tokenizers = fetch_rows(connection, "select name, tokenizer from store.tokenizers order by tokenizer")
    return ExportedFields({row["name"]: row["tokenizer"] for row in tokenizers}, known_labels(connection))


def export_schema(fields: ExportedFields, *, counts: bool) -> pa.Schema:
    """Names and types of the columns: of the documents that count, or of the others."""
    tokens = pa.struct([(name, pa.int64()) for name in fields.tokenizers])
    # Parquet has no struct without fields.
    labels = pa.struct([(name, pa.string()) for name in fields.labels]) if fields.labels else pa.null()
    known = [("tokens", tokens), ("group", pa.int64()), ("labels", labels)]
    return pa.schema([*_PLACE, *known, *(() if counts else _KEPT_COPY)])


def export_rows(connection: duckdb.DuckDBPyConnection, fields: ExportedFields, *, counts: bool) -> Iterator[pa.Table]:
    """Yield the rows in tables of a fixed length; the last is shorter.

    DuckDB sorts the places of all documents, on disk if they are many. Everything else is looked up table by table.

    Args:
        connection: to the catalog.
        fields: those of the catalog.
        counts: whether to yield the documents that count, or the others.
    """
    schema = export_schema(fields, counts=counts)
    documents = connection.sql(statement("documents_to_export"))
    documents = documents.filter(_column("counts") == duckdb.ConstantExpression(counts))
    with closing(second_connection(connection)) as beside:  # the other is busy with `rows`
        rows = documents.sort(*map(_column, _ORDER)).to_arrow_reader(_READ)
        for places in _of_fixed_length(rows):
            document = integers(places.column("document"))
            found = {name: places.column(name) for name in places.schema.names}
            found["tokens"] = _tokens(beside, fields, document)
            found["labels"] = _labels(beside, fields, document)
            yield pa.Table.from_arrays([found[name] for name in schema.names], schema=schema)


def _column(name: str) -> duckdb.Expression:
    return duckdb.ColumnExpression(name)


def _of_fixed_length(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same rows, so many at a time: the length of DuckDB's batches depends on its threads."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        rest = batch
        while count + len(rest) >= _ROWS:
            yield pa.concat_batches([*waiting, rest.slice(0, _ROWS - count)])
            rest = rest.slice(_ROWS - count)
            waiting, count = [], 0
        waiting.append(rest)
        count += len(rest)
    if count:
        yield pa.concat_batches(waiting)


def _tokens(connection: duckdb.DuckDBPyConnection, fields: ExportedFields, document: Int64) -> pa.StructArray:
    wanted = {"numbers": list(fields.tokenizers.values())}
    return _struct(connection, "tokens_to_export", wanted, document, list(fields.tokenizers), pa.int64())


def _labels(connection: duckdb.DuckDBPyConnection, fields: ExportedFields, document: Int64) -> pa.Array:
    if not fields.labels:
        return pa.nulls(len(document))
    wanted = {"names": list(fields.labels)}
    return _struct(connection, "labels_to_export", wanted, document, fields.labels, pa.string())


def _struct(
    connection: duckdb.DuckDBPyConnection,
    facts: str,
    wanted: Mapping[str, Any],
    document: Int64,
    names: Sequence[str],
    kind: pa.DataType,
) -> pa.StructArray:
    """What a statement finds on the documents: a struct of the names, null where it finds nothing."""
    incoming = {"document": document, "place": np.arange(len(document))}
    found = arrow_with_incoming(connection, statement(facts), incoming, wanted)
    place, field = (integers(one_array(found.column(name))) for name in ("place", "field"))
    values = []
    for number in range(len(names)):
        rows = np.flatnonzero(field == number)
        index = np.full(len(document), -1)
        index[place[rows]] = rows
        values.append(found.column("value").take(to_arrow(index, index >= 0)).combine_chunks().cast(kind))
    return pa.StructArray.from_arrays(values, names=list(names))
