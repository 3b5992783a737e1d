"""Sentences about text that repeats inside its own documents, which no deduplication of documents finds."""

from collections.abc import Iterable, Iterator

import duckdb

from tokaudit.catalog.statements import fetch_rows, statement
from tokaudit.core.repeat_length import MUCH
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count


def repeated_by_domain(
    connection: duckdb.DuckDBPyConnection, tokenizer: str, source: str | None = None
) -> dict[str, Row]:
    """Domain -> ``tokens_seen`` and ``tokens_repeated_inside``; the latter is None if no document was measured.

    Args:
        connection: the catalog.
        tokenizer: the tokenizer to count in, by its name in the catalog.
        source: the source whose documents count; None: all documents.
    """
    rows = fetch_rows(connection, statement("repeated_inside"), {"tokenizer": tokenizer, "source": source})
    return {row["domain"]: row for row in rows}


def much_repeated(rows: Iterable[Row]) -> Iterator[str]:
    """A sentence for each domain in which more than 5 % of the tokens seen repeat inside their own documents.

    Args:
        rows: with ``domain``, ``tokens_seen`` and ``tokens_repeated_inside``; None, or no ``domain``, is unknown.
    """
    for row in rows:
        seen, repeated = row["tokens_seen"], row["tokens_repeated_inside"] or 0
        if repeated > MUCH * seen:
            domain = row.get("domain")
            named = f"tokens of {domain}" if domain else "tokens"
            tokens = f"{format_count(repeated)} of {format_count(seen)} {named} ({100 * repeated / seen:.3g} %)"
            yield f"{tokens} repeat inside their own documents (`tokaudit query repeated_inside` lists the documents)"
