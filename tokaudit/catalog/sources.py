"""What the catalog knows before an ingest, and what it says after: sources, tokenizers, files, totals."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson

from tokaudit import __version__
from tokaudit.catalog.connection import utc_now
from tokaudit.catalog.stale_groups import mark_groups_stale
from tokaudit.catalog.statements import fetch_one, with_incoming
from tokaudit.core.arrow import constant_column, table, text_column
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
    asked = (wanted.domain, wanted.reader, wanted.text_field, wanted.clean)
    for option, was, now in zip(options, row[:4], asked, strict=True):
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
    connection.register("incoming", table({"path": text_column(paths)}))
    found = connection.execute(
        "select f.path, f.file, f.source, f.size, f.modified, f.content, f.state, f.below,"
        " coalesce(list(distinct t.name) filter (t.name is not null), []),"
        " coalesce(list(distinct l.label) filter (l.label is not null), [])"
        " from store.whole f semi join incoming using (path)"
        " left join store.counted_with w using (file) left join store.tokenizers t using (tokenizer)"
        " left join store.labelled_with l using (file)"
        " group by all"
    ).fetchall()
    connection.unregister("incoming")
    return {
        path: KnownFile(number, source, size, modified, content, state, below, frozenset(names), frozenset(labels))
        for path, number, source, size, modified, content, state, below, names, labels in found
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


def paths_of(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Paths of all files of a source."""
    found = connection.execute("select path from store.whole where source = ?", [source]).fetchall()
    return [path for (path,) in found]


def totals(connection: duckdb.DuckDBPyConnection, paths: Sequence[str]) -> dict[str, Any]:
    """Documents, bytes, bad records and tokens by tokenizer of the files at the paths."""
    connection.register("incoming", table({"path": text_column(paths)}))
    documents, text_bytes, bad_records = fetch_one(
        connection,
        "select coalesce(sum(documents)::bigint, 0), coalesce(sum(bytes)::bigint, 0),"
        " coalesce(sum(bad_records)::bigint, 0) from store.whole semi join incoming using (path)",
    )
    tokens = connection.execute(
        "select t.name, coalesce(sum(c.tokens)::bigint, 0) from store.whole f semi join incoming using (path)"
        " join store.counted_with w using (file) join store.tokenizers t using (tokenizer)"
        " left join store.documents d using (file)"
        " left join store.token_counts c on c.document = d.document and c.tokenizer = t.tokenizer"
        " group by t.name order by t.name"
    ).fetchall()
    connection.unregister("incoming")
    return {"documents": documents, "bytes": text_bytes, "bad_records": bad_records, "tokens": dict(tokens)}


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
        if path not in counts and (path in found or _is_there(path, rule))
    }
    if rules != noted:
        connection.execute("delete from store.left_out where source = ?", [source])
        columns = {"path": list(rules), "rule": list(rules.values()), "source": constant_column(source, len(rules))}
        with_incoming(connection, "insert into store.left_out by name select source, path, rule from incoming", columns)


def _is_there(path: str, rule: str) -> bool:
    """Whether a path that was left out is still there; of URLs nobody asks, and a name that is no text is escaped."""
    return "://" in path or rule == "name" or os.path.lexists(path)
