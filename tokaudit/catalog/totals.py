"""Totals of files after an ingest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from tokaudit.catalog.statements import fetch_rows_with_incoming, statement
from tokaudit.core.arrow import text_column
from tokaudit.core.rows import Row


@dataclass(frozen=True, slots=True)
class FileTotals:
    """Totals of some complete files.

    Attributes:
        documents: number of documents.
        bytes: UTF-8 bytes of their text, as counted.
        bad_records: records that could not be counted.
        unchecked_files: files with documents whose format and compression carry no check sums.
        tokens: tokenizer -> tokens.
        text_fields: field -> number of files whose texts are from it.
        omitted: what is left out of them, by rule and suffix: `rule`, `suffix`, `files`, `bytes`, `example`,
            `parts`.
    """

    documents: int
    bytes: int
    bad_records: int
    unchecked_files: int
    tokens: Mapping[str, int]
    text_fields: Mapping[str, int]
    omitted: Sequence[Row]


def totals(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> FileTotals:
    """Totals of the complete files at the paths."""
    columns = {"path": text_column(paths)}
    (sums,) = fetch_rows_with_incoming(connection, statement("totals_of_files"), columns)
    tokens = fetch_rows_with_incoming(connection, statement("tokens_of_files"), columns)
    fields = fetch_rows_with_incoming(connection, statement("text_fields_of_files"), columns)
    return FileTotals(
        **sums,
        tokens={row["name"]: row["tokens"] for row in tokens},
        text_fields={row["text_field"]: row["files"] for row in fields},
        omitted=fetch_rows_with_incoming(connection, statement("omitted_of_files"), columns),
    )
