"""Files of the catalog as an ingest finds them: what was counted, what was left out, and how pages were extracted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from tokaudit.catalog.stale_groups import mark_groups_stale
from tokaudit.catalog.statements import fetch_rows_with_incoming, statement, with_incoming
from tokaudit.core.arrow import constant_column, text_column
from tokaudit.readers.files import LeftOut


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file in the catalog.

    Attributes:
        text_field: field that its texts are from; None if nothing was counted or the format has no fields.
        ingest: number of the ingest that counted it.
        too_large: whether a limit kept a part of it from being counted.
        counted_with: names of tokenizers.
        labelled_with: labels as NAME=FIELD.
    """

    number: int
    source: str
    reader: str
    text_field: str | None
    documents: int
    size: int
    modified: str
    content: str
    state: str
    below: str
    ingest: int
    too_large: bool
    counted_with: frozenset[str]
    labelled_with: frozenset[str]


def staged_files(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Numbers of the files that an earlier ingest left incomplete."""
    return [row[0] for row in connection.execute("select file from store.files where state = 'staged'").fetchall()]


def known_files(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> dict[str, KnownFile]:
    """The files that the catalog has at the paths, by path."""
    found = fetch_rows_with_incoming(connection, statement("known_files"), {"path": text_column(paths)})
    return {
        row.pop("path"): KnownFile(**row | {name: frozenset(row[name]) for name in ("counted_with", "labelled_with")})
        for row in found
    }


def place_below(connection: duckdb.DuckDBPyConnection, below: Mapping[int, str]) -> None:
    """Record new paths below the ingested folder, by file; the caller passes those that are less than before."""
    if below:
        with_incoming(
            connection,
            "update store.files set below = i.below from incoming i where files.file = i.file",
            {"file": list(below), "below": list(below.values())},
        )
        mark_groups_stale(connection, below)


def extractors_of(connection: duckdb.DuckDBPyConnection, source: str) -> frozenset[str]:
    """`Extraction.identity` of all pages of a source; empty if it has none."""
    found = connection.execute(
        "select distinct extractor from store.whole where source = ? and extractor is not null and documents > 0",
        [source],
    ).fetchall()
    return frozenset(extractor for (extractor,) in found)


def page_sources(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    """Source, domain, ``--clean`` and `Extraction.identity` of all sources with pages, in order."""
    return connection.execute(
        "select distinct source, domain, clean, extractor from store.whole join store.sources using (source)"
        " where extractor is not null and documents > 0 order by all"
    ).fetchall()


def paths_of(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Paths of all files of a source."""
    found = connection.execute("select path from store.whole where source = ?", [source]).fetchall()
    return [path for (path,) in found]


def record_left_out(
    connection: duckdb.DuckDBPyConnection, source: str, left: Iterable[LeftOut], counted: Iterable[str]
) -> None:
    """Record the paths that were left out of a source, each once, and keep earlier ones that still exist.

    Args:
        connection: inside a transaction.
        source: its name.
        left: paths that are left out now.
        counted: paths that were counted, now or before, though a rule may leave them out.
    """
    noted = {
        path: LeftOut(path, rule, size)
        for path, rule, size in connection.execute(
            "select path, rule, bytes from store.left_out where source = ?", [source]
        ).fetchall()
    }
    found, counts = {item.path: item for item in left}, set(counted)
    kept = [item for path, item in (noted | found).items() if path not in counts and (path in found or item.is_there())]
    if {item.path: item for item in kept} != noted:
        connection.execute("delete from store.left_out where source = ?", [source])
        columns = {
            "path": [item.path for item in kept],
            "rule": [item.rule for item in kept],
            "bytes": [item.size for item in kept],
            "source": constant_column(source, len(kept)),
        }
        with_incoming(
            connection, "insert into store.left_out by name select source, path, rule, bytes from incoming", columns
        )
