"""Everything that a page or a card says of a catalog, read on one connection."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.audit.answers import completeness_or_empty, derived_supply
from tokaudit.audit.how_counted import CountedSource, counted_sources
from tokaudit.catalog.completeness import CheckedFiles, checked_files, choose_tokenizer
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.repeated_inside import much_repeated
from tokaudit.catalog.statements import fetch_rows, statement
from tokaudit.core.rows import Row

LABELS: Final = ("language", "licence", "license", "origin")
"""The labels that cards know."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a catalog, and what gives them again.

    Attributes:
        rows: the rows, in order.
        command: the call of tokaudit that answers with them, quoted for a shell, without ``--catalog``.
        sql: the SELECT of the shipped query, with its values filled in.
    """

    rows: Sequence[Row]
    command: str
    sql: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What a catalog says. Tokens are those of one tokenizer.

    Attributes:
        tokenizer: the tokenizer, by its name in the catalog.
        vocabulary_sha256: hash of its vocabulary.
        counter: package and version that counted with it first.
        other_tokenizers: names of the others in the catalog.
        total: supply of the whole catalog: the columns of `domains` but for the names.
        domains: supply per domain, deduplicated within the domain.
        sources: supply per source, deduplicated within the source.
        overlap_by: what `overlap` compares: ``domain``, or ``source`` if there are fewer than two domains.
        overlap: documents and tokens of each that are also in each other one.
        group_sizes: groups of duplicates in the whole catalog, by size.
        bad_records: records and files that could not be counted, by source and code, with an example.
        left_out: what lay below the ingested paths and was not counted, by source and rule, with an example.
        labels: documents by domain, name and value of the labels in `LABELS`.
        checked: how many files check sums cover.
        counted: how each source was counted.
        complete: whether the numbers are final and of all the input.
        notes: a sentence for each reason why not, and for what is odd about the numbers.
    """

    tokenizer: str
    vocabulary_sha256: str
    counter: str
    other_tokenizers: tuple[str, ...]
    total: Row
    domains: Found
    sources: Found
    overlap_by: str
    overlap: Found
    group_sizes: Found
    bad_records: Found
    left_out: Found
    labels: Sequence[Row]
    checked: CheckedFiles
    counted: Sequence[CountedSource]
    complete: bool
    notes: tuple[str, ...]


def overview(catalog: Path, tokenizer: str | None) -> Overview:
    """What the catalog says.

    Args:
        catalog: the catalog.
        tokenizer: the tokenizer to count in; None: the catalog's first.

    Raises:
        UsageError: nothing is counted, or not with this tokenizer.
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        by_domain, total = derived_supply(connection, "domain", name)
        by = "domain" if len(by_domain) > 1 else "source"
        known = {row["tokenizer"]: row for row in fetch_rows(connection, _TOKENIZERS)}
        complete, notes = completeness_or_empty(connection)
        counts = {"tokenizer": name}
        return Overview(
            tokenizer=name,
            vocabulary_sha256=known[name]["vocabulary_sha256"],
            counter=known[name]["counter"],
            other_tokenizers=tuple(each for each in known if each != name),
            total=total,
            domains=_asked(connection, "supply", {"by": "domain", **counts}, by_domain),
            sources=_asked(connection, "supply", {"by": "source", **counts}),
            overlap_by=by,
            overlap=_asked(connection, "overlap", {"by": by, **counts}),
            group_sizes=_asked(connection, "group_sizes", counts),
            bad_records=_asked(connection, "bad_records_by_code", {}),
            left_out=_asked(connection, "left_out", {}),
            labels=fetch_rows(connection, statement("labelled_documents"), {"names": list(LABELS)}),
            checked=checked_files(connection),
            counted=counted_sources(connection),
            complete=complete,
            notes=(*notes, *much_repeated(by_domain)),
        )


_TOKENIZERS: Final = "select tokenizer, vocabulary_sha256, counter from tokenizers order by not is_default, tokenizer"
_COMMANDS: Final = frozenset({"supply", "overlap"})
"""Queries that are commands of their own."""


def _asked(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, str], rows: Sequence[Row] | None = None
) -> Found:
    """The answer to a shipped query with these values; its rows are given if they are known already."""
    shipped = shipped_query(query)
    return Found(
        rows=fetch_rows(connection, shipped.sql, values) if rows is None else rows,
        command=shlex.join(_command(query, values)),
        sql=shipped.filled(connection, values),
    )


def _command(query: str, values: Mapping[str, str]) -> list[str]:
    if query in _COMMANDS:
        return ["tokaudit", query, *(word for name, value in values.items() for word in (f"--{name}", value))]
    return ["tokaudit", "query", query, *(word for name, value in values.items() for word in ("-p", f"{name}={value}"))]
