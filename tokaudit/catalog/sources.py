"""What the catalog knows before an ingest, and what it says after: sources, tokenizers, files, totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson

from tokaudit import __version__
from tokaudit.catalog.connection import utc_now
from tokaudit.catalog.stale_groups import mark_groups_stale
from tokaudit.catalog.statements import fetch_one, fetch_rows_with_incoming, statement, with_incoming
from tokaudit.core.arrow import constant_column, text_column
from tokaudit.core.errors import UsageError
from tokaudit.readers.files import LeftOut


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How a source is counted; asking for it in another way is refused.

    Attributes:
        reader: ``auto`` or a reader's name.
        clean: ``default`` or ``none``.
        steps: names of the cleaning steps that are applied.
        labels: label -> field that is kept.
    """

    source: str
    domain: str
    reader: str
    text_field: str
    clean: str
    steps: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the catalog has it; `counted_with` are names of tokenizers, `labelled_with` labels as NAME=FIELD."""

    number: int
    source: str
    size: int
    modified: str
    content: str
    state: str
    below: str
    counted_with: frozenset[str]
    labelled_with: frozenset[str]


def register_source(connection: duckdb.DuckDBPyConnection, wanted: SourceSettings) -> dict[str, str]:
    """Add the source, or check that it is counted as it was.

    Returns:
        All labels that are kept of it, name -> field: those asked for now, and of other names those of before.

    Raises:
        UsageError: the source is in another domain or was counted in another way.
    """
    # A source of which nothing came in, as its first file was refused, may be counted in any way.
    connection.execute(
        "delete from store.sources where source = $source and not exists (from store.files where source = $source)",
        {"source": wanted.source},
    )
    found = connection.execute(
        "select domain, reader, text_field, clean, labels from store.sources where source = ?", [wanted.source]
    ).fetchall()
    if not found:
        connection.execute(
            "insert into store.sources (source, domain, reader, text_field, clean, steps, labels)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [wanted.source, wanted.domain, wanted.reader, wanted.text_field, wanted.clean]
            + [list(wanted.steps), label_list(wanted.labels)],
        )
        return dict(wanted.labels)
    (row,) = found
    options = ("--domain", "--reader", "--text-field", "--clean")
    settings = (wanted.domain, wanted.reader, wanted.text_field, wanted.clean)
    for option, was, now in zip(options, row[:4], settings, strict=True):
        if was != now:
            raise UsageError(
                f"source {wanted.source!r} was counted with {option} {was}, not {now}; count it under another"
                f" --source, or `tokaudit forget {wanted.source}` first"
            )
    labels = dict(item.split("=", 1) for item in row[4]) | dict(wanted.labels)
    if label_list(labels) != row[4]:
        connection.execute("update store.sources set labels = ? where source = ?", [label_list(labels), wanted.source])
    return labels


def label_list(labels: Mapping[str, str]) -> list[str]:
    """Labels as the catalog has them: NAME=FIELD, in order."""
    return [f"{name}={field}" for name, field in sorted(labels.items())]


def register_tokenizer(connection: duckdb.DuckDBPyConnection, name: str, sha256: str, counter: str) -> tuple[str, int]:
    """Name and number of a vocabulary in this catalog, known again by its hash; added if it is new.

    A name that stands for another vocabulary already gets the first digits of the hash appended.
    """
    found = connection.execute(
        "select name, tokenizer from store.tokenizers where vocabulary_sha256 = ?", [sha256]
    ).fetchall()
    if found:
        return str(found[0][0]), int(found[0][1])
    if fetch_one(connection, "select count(*) from store.tokenizers where name = ?", [name]) != (0,):
        name = f"{name}@{sha256[:8]}"
    (number,) = fetch_one(connection, "select count(*) from store.tokenizers")
    connection.execute(
        "insert into store.tokenizers (tokenizer, name, vocabulary_sha256, counter) values (?, ?, ?, ?)",
        [number, name, sha256, counter],
    )
    return name, number


def begin_ingest(connection: duckdb.DuckDBPyConnection, source: str, settings: Mapping[str, Any]) -> int:
    """Number of a new ingest of the source with these settings, started now."""
    (ingest,) = fetch_one(
        connection,
        "insert into store.ingests (ingest, source, started, version, settings)"
        " select coalesce(max(ingest) + 1, 1), ?, ?, ?, ? from store.ingests returning ingest",
        [source, utc_now(), __version__, orjson.dumps(settings).decode()],
    )
    return int(ingest)


def finish_ingest(connection: duckdb.DuckDBPyConnection, ingest: int) -> None:
    """Note that the ingest came to its end."""
    connection.execute("update store.ingests set finished = ? where ingest = ?", [utc_now(), ingest])


def staged_files(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Files that an ingest left half in."""
    return [row[0] for row in connection.execute("select file from store.files where state = 'staged'").fetchall()]


def known_files(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> dict[str, KnownFile]:
    """What the catalog has of the paths, by path."""
    found = fetch_rows_with_incoming(connection, statement("known_files"), {"path": text_column(paths)})
    return {
        row.pop("path"): KnownFile(**row | {name: frozenset(row[name]) for name in ("counted_with", "labelled_with")})
        for row in found
    }


def place_below(connection: duckdb.DuckDBPyConnection, below: Mapping[int, str]) -> None:
    """Note the path below the named folder of files that are in: of several the least, whichever came first."""
    if below:
        with_incoming(
            connection,
            "update store.files set below = i.below from incoming i where files.file = i.file",
            {"file": list(below), "below": list(below.values())},
        )
        mark_groups_stale(connection, below)


def source_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of all sources, in order."""
    return [name for (name,) in connection.execute("select source from store.sources order by 1").fetchall()]


def paths_of(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Paths of all files of a source."""
    found = connection.execute("select path from store.whole where source = ?", [source]).fetchall()
    return [path for (path,) in found]


@dataclass(frozen=True, slots=True)
class FileTotals:
    """What some files hold that are all in.

    Attributes:
        documents, bytes: UTF-8, of the text as counted.
        bad_records: records that could not be counted.
        tokens: by tokenizer.
    """

    documents: int
    bytes: int
    bad_records: int
    tokens: Mapping[str, int]


def totals(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> FileTotals:
    """What the files at the paths hold together."""
    columns = {"path": text_column(paths)}
    (sums,) = fetch_rows_with_incoming(connection, statement("totals_of_files"), columns)
    tokens = fetch_rows_with_incoming(connection, statement("tokens_of_files"), columns)
    return FileTotals(**sums, tokens={row["name"]: row["tokens"] for row in tokens})


def record_left_out(
    connection: duckdb.DuckDBPyConnection, source: str, left: Iterable[LeftOut], counted: Iterable[str]
) -> None:
    """Note the paths that were left out of a source, each once, beside those of before that still are.

    Args:
        connection: inside a transaction.
        source: its name.
        left: what is left out now.
        counted: paths that are counted, now or before, though a rule may leave them out.
    """
    noted = dict(connection.execute("select path, rule from store.left_out where source = ?", [source]).fetchall())
    found, counts = {item.path: item.rule for item in left}, set(counted)
    rules = {
        path: rule
        for path, rule in (noted | found).items()
        if path not in counts and (path in found or LeftOut(path, rule).is_there())
    }
    if rules != noted:
        connection.execute("delete from store.left_out where source = ?", [source])
        columns = {"path": list(rules), "rule": list(rules.values()), "source": constant_column(source, len(rules))}
        with_incoming(connection, "insert into store.left_out by name select source, path, rule from incoming", columns)
