"""What changed from one catalog to another, by cause: the causes of each row add up to the difference."""

from typing import Final

import duckdb

from tokaudit.catalog.statements import fetch_rows, statement, with_answer_of
from tokaudit.core.rows import Row

FIELDS: Final = (
    *("documents_seen", "documents_unique_exact", "documents_unique"),
    *("tokens_seen", "tokens_unique_exact", "tokens_unique", "bad_records"),
)
"""What is counted, in the row of a cause and in the supply of a catalog."""
COLUMNS: Final = ("cause", "kept_source", "files", *FIELDS)
TYPES: Final = ("VARCHAR", "VARCHAR", *["BIGINT"] * (1 + len(FIELDS)))
"""DuckDB's names of the columns' types."""
_BAD: Final = "select file, ordinal from store.bad_records where ordinal is not null"


def causes(
    first: duckdb.DuckDBPyConnection,
    second: duckdb.DuckDBPyConnection,
    by: str,
    tokenizers: tuple[str | None, str | None],
) -> tuple[list[Row], list[Row]]:
    """Rows of causes per domain or source, and those of the whole catalog: the second catalog minus the first.

    A document is the same in both if its source, its path below the ingested folder, its ordinal and its text are. Only
    documents that differ are kept in memory or in a temporary table, beyond what a join needs.

    Args:
        first: read-only connection to the catalog to compare with.
        second: read-only connection to the other catalog.
        by: ``domain`` or ``source``: what a row stands for, and where duplicates are looked for.
        tokenizers: the tokenizer's name in each; None: nothing is counted in it.
    """
    files = statement("diff_files")
    documents = statement("diff_documents")
    second.execute(f"create temp table diff_files as {files}")
    with_answer_of(first, files, second, statement("diff_pairs"), {"by": by})
    with_answer_of(first, _BAD, second, "create temp table diff_bad as from incoming", {})
    with_answer_of(
        *(first, documents, second),
        f"create temp table diff_changed as with documents_b as ({documents}), {statement('diff_changed')}",
        {"by": by, "tokenizer": tokenizers[1]},
        {"by": by, "tokenizer": tokenizers[0]},
    )
    return _rows(second, by, whole=False), _rows(second, by, whole=True)


def _rows(connection: duckdb.DuckDBPyConnection, by: str, *, whole: bool) -> list[Row]:
    found = fetch_rows(connection, statement("diff_causes"), {"whole": whole})
    found.sort(key=lambda row: (row["row"], -abs(row["tokens_unique"]), row["cause"], row["kept_source"] or ""))
    named = (() if whole else (by,)) + COLUMNS
    return [{column: row["row" if column == by else column] for column in named} for row in found]
