"""Writing to the catalog: whole files, many small ones a transaction, a huge one staged in parts."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit import fragments
from tokaudit.catalog import one, with_incoming, writing
from tokaudit.disturbed import disturb_groups
from tokaudit.keys import unique
from tokaudit.paths import InputFile, LeftOut
from tokaudit.records import BadRecord, Int64, MeasuredBatch

COMMIT_BYTES: Final = 64_000_000
"""Text between two commits: a commit costs some 20 ms, however little it holds."""
COMMIT_SECONDS: Final = 5.0
PART_DOCUMENTS: Final = 100_000
"""Documents that may wait for a commit, a file unfinished or not: each is 0.6 kB, three times that in a commit.

A file of more documents is staged in parts, and shows when all are in.
"""


@dataclass(slots=True)
class _Pending:
    """A file whose documents wait for a commit."""

    file: InputFile
    content: str
    reader: str
    bad: list[BadRecord] = field(default_factory=list)
    documents: int = 0
    bytes: int = 0
    cut: bool = False
    state: str = "staged"
    staged_as: int | None = None
    replaces: int | None = None


class Writer:
    """Adds the files of one source to a catalog. The caller is `owning` it and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        source: name of the source, already in the catalog.
        ingest: number of the ingest.
        tokenizers: tokenizer name -> its number in the catalog.
    """

    def __init__(self, catalog: Path, source: str, ingest: int, tokenizers: Mapping[str, int]) -> None:
        self._catalog = catalog
        self._source = source
        self._ingest = ingest
        self._tokenizers = dict(tokenizers)
        self._pending: list[_Pending] = []
        self._runs: list[tuple[MeasuredBatch, slice]] = []  # rows of the files that wait, in order
        self._committed = time.monotonic()
        self._bytes = self._documents = 0
        self._broken_off = False

    def start(self, file: InputFile, content: str, reader: str, replaces: int | None) -> None:
        """Begin a file; `replaces` is the number of its old rows, dropped when the new ones are all in."""
        self._pending.append(_Pending(file, content, reader, replaces=replaces))

    def add(self, batch: MeasuredBatch, rows: slice) -> None:
        """Add some rows of a batch to the file begun last."""
        current = self._pending[-1]
        if self._runs and self._runs[-1][0] is batch and self._runs[-1][1].stop == rows.start:
            self._runs[-1] = (batch, slice(self._runs[-1][1].start, rows.stop))
        else:
            self._runs.append((batch, rows))
        documents, size = rows.stop - rows.start, int(batch.bytes[rows].sum())
        current.documents += documents
        current.bytes += size
        self._documents += documents
        self._bytes += size
        if self._documents >= PART_DOCUMENTS:
            self.flush()

    def add_bad(self, record: BadRecord) -> None:
        """Add a bad record to the file begun last."""
        self._pending[-1].bad.append(record)
        self._pending[-1].cut |= record.ordinal is None

    def finish(self) -> None:
        """The file begun last is all in, unless a bad record says that its rest could not be read."""
        self._pending[-1].state = "partial" if self._pending[-1].cut else "counted"
        if self._bytes >= COMMIT_BYTES or time.monotonic() - self._committed >= COMMIT_SECONDS:
            self.flush()

    def refuse(self) -> None:
        """Forget the file begun last, staged parts too; files finished before it are kept."""
        pending = self._pending.pop()
        self._bytes -= pending.bytes
        self._documents -= pending.documents
        drop = pending.documents
        while drop:
            batch, rows = self._runs.pop()
            kept = max(rows.start, rows.stop - drop)
            drop -= rows.stop - kept
            if kept > rows.start:
                self._runs.append((batch, slice(rows.start, kept)))
        if pending.staged_as is not None:
            with writing(self._catalog) as connection:
                delete_files(connection, [pending.staged_as])

    def refuse_unfinished(self) -> None:
        """Forget the file begun last unless it is all in."""
        if self._pending and self._pending[-1].state == "staged":
            self.refuse()

    def flush(self) -> None:
        """Commit what waits: fragments first, synced, then one transaction that names them.

        A flush that was broken off is not tried again: its transaction is in or not, and nobody here knows which.
        """
        self._committed = time.monotonic()
        if not self._pending or self._broken_off:
            return
        self._broken_off = True
        fragment = self._write_fragment()
        with writing(self._catalog) as connection:
            next_file, next_document = _next_numbers(connection)
            fresh = [pending for pending in self._pending if pending.staged_as is None]
            for number, pending in enumerate(fresh, next_file):
                pending.staged_as = number
            with_incoming(connection, _INSERT_FILES, self._file_columns(fresh))
            self._insert_rows(connection, next_document)
            done = [pending for pending in self._pending if pending.state != "staged"]
            delete_files(connection, [pending.replaces for pending in done if pending.replaces is not None])
            with_incoming(connection, _UPDATE_FILES, _progress_columns(self._pending))
            for number in self._tokenizers.values():
                columns = {"file": [pending.staged_as for pending in done], "tokenizer": [number] * len(done)}
                with_incoming(connection, INSERT_COUNTED_WITH, columns)
            if fragment is not None:
                # The same texts may have been here before and gone: then all is to be compared again.
                connection.execute("delete from store.fragments where fragment = ?", [fragment.name])
                connection.execute(
                    "insert into store.fragments values (?, ?, ?, ?, false)",
                    [fragment.name, fragment.bytes, fragment.xxh3, fragment.texts],
                )
            connection.execute("update store.derived set fresh = false")
        for pending in self._pending:
            pending.bad, pending.documents, pending.bytes = [], 0, 0
        self._runs = []
        self._bytes = self._documents = 0
        self._pending = [pending for pending in self._pending if pending.state == "staged"]
        self._broken_off = False

    def _file_columns(self, fresh: Sequence[_Pending]) -> dict[str, Any]:
        return {
            "file": [pending.staged_as for pending in fresh],
            "source": [self._source] * len(fresh),
            "path": [pending.file.path for pending in fresh],
            "below": [pending.file.below for pending in fresh],
            "size": [pending.file.size for pending in fresh],
            "modified": [pending.file.modified for pending in fresh],
            "content": [pending.content for pending in fresh],
            "reader": [pending.reader for pending in fresh],
            "ingest": [self._ingest] * len(fresh),
        }

    def _write_fragment(self) -> fragments.Fragment | None:
        if not self._documents:
            return None
        worded = np.flatnonzero(np.concatenate([batch.words[rows] for batch, rows in self._runs]))
        if not len(worded):
            return None
        distinct, first = unique(np.concatenate([batch.keys[rows] for batch, rows in self._runs])[worded])
        signatures = np.concatenate([batch.signatures[rows] for batch, rows in self._runs])[worded[first]]
        return fragments.write(self._catalog, distinct, signatures)

    def _insert_rows(self, connection: duckdb.DuckDBPyConnection, first: int) -> None:
        """Insert all waiting rows, one statement a table, numbering documents from `first`."""
        bad = [(pending.staged_as, record) for pending in self._pending for record in pending.bad]
        columns: dict[str, Any]
        if bad:
            columns = {
                "file": [file for file, _ in bad],
                "ordinal": [record.ordinal for _, record in bad],
                "offset": [record.offset for _, record in bad],
                "code": [record.code for _, record in bad],
                "why": [record.why for _, record in bad],
            }
            with_incoming(connection, _INSERT_BAD, columns)
        if not self._documents:
            return
        runs = self._runs
        files = np.array([pending.staged_as for pending in self._pending])
        documents = np.arange(first, first + self._documents)
        keys = np.concatenate([batch.keys[rows] for batch, rows in runs])
        columns = {
            "document": documents,
            "file": np.repeat(files, [pending.documents for pending in self._pending]),
            "ordinal": np.concatenate([batch.ordinal[rows] for batch, rows in runs]),
            "offset": pa.concat_arrays([batch.offset[rows] for batch, rows in runs]),
            "bytes": np.concatenate([batch.bytes[rows] for batch, rows in runs]),
            "words": np.concatenate([batch.words[rows] for batch, rows in runs]),
            "key_hi": keys[:, 0],
            "key_lo": keys[:, 1],
        }
        with_incoming(connection, "insert into store.documents by name select * from incoming", columns)
        for name, number in self._tokenizers.items():
            tokens = np.concatenate([batch.tokens[name][rows] for batch, rows in runs])
            insert_tokens(connection, documents, number, tokens)
        for label in sorted({label for batch, _ in runs for label in batch.labels}):
            values = [
                batch.labels[label][rows] if label in batch.labels else pa.nulls(rows.stop - rows.start, pa.string())
                for batch, rows in runs
            ]
            columns = {"document": documents, "name": [label] * len(documents), "value": pa.concat_arrays(values)}
            with_incoming(connection, _INSERT_LABELS, columns)


def _progress_columns(waiting: Sequence[_Pending]) -> dict[str, Any]:
    return {
        "file": [pending.staged_as for pending in waiting],
        "documents": [pending.documents for pending in waiting],
        "bytes": [pending.bytes for pending in waiting],
        "bad_records": [len(pending.bad) for pending in waiting],
        "state": [pending.state for pending in waiting],
    }


_INSERT_FILES: Final = """
insert into store.files by name
select *, 'staged' as state, 0 as documents, 0 as bytes, 0 as bad_records from incoming"""
_INSERT_BAD: Final = "insert into store.bad_records by name select * from incoming"
_INSERT_LABELS: Final = "insert into store.labels select document, name, value from incoming where value is not null"
INSERT_COUNTED_WITH: Final = "insert into store.counted_with select file, tokenizer from incoming"
_UPDATE_FILES: Final = """
update store.files set documents = files.documents + incoming.documents, bytes = files.bytes + incoming.bytes,
    bad_records = files.bad_records + incoming.bad_records, state = incoming.state
from incoming where files.file = incoming.file"""


def _next_numbers(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    file, document = one(
        connection,
        "select (select coalesce(max(file) + 1, 0) from store.files),"
        " (select coalesce(max(document) + 1, 0) from store.documents)",
    )
    return int(file), int(document)


def insert_tokens(connection: duckdb.DuckDBPyConnection, documents: Int64, tokenizer: int, tokens: Int64) -> None:
    """Add the counts of one tokenizer for documents already there."""
    columns = {
        "document": documents,
        "tokenizer": np.full(len(documents), tokenizer, np.int32),
        "tokens": tokens,
    }
    with_incoming(connection, "insert into store.token_counts select * from incoming", columns)


def delete_files(connection: duckdb.DuckDBPyConnection, files: Sequence[int]) -> None:
    """Remove files and every row that hangs on them; the groups that they leave are derived anew by the caller."""
    if not files:
        return
    disturb_groups(connection, files)
    for statement in _DELETE_FILES:
        with_incoming(connection, statement, {"file": files})
    # Numbers that are free again may be given to other documents.
    connection.execute(
        "update store.derived set new_from ="
        " least(new_from, (select coalesce(max(document) + 1, 0) from store.documents))"
    )


_DELETE_FILES: Final = (
    # Pairs of crowded buckets were left out for what may go now.
    """update store.fragments set probed = false where exists (from store.documents semi join incoming using (file)
    semi join store.crowded using (key_hi, key_lo))""",
    """delete from store.token_counts where document in
    (select document from store.documents semi join incoming using (file))""",
    """delete from store.labels where document in
    (select document from store.documents semi join incoming using (file))""",
    """delete from store.uncounted where document in
    (select document from store.documents semi join incoming using (file))""",
    "delete from store.documents where file in (select file from incoming)",
    "delete from store.bad_records where file in (select file from incoming)",
    "delete from store.counted_with where file in (select file from incoming)",
    "delete from store.files where file in (select file from incoming)",
)


def record_left_out(connection: duckdb.DuckDBPyConnection, source: str, left: Iterable[LeftOut]) -> None:
    """Note the paths that were left out of a source, each once."""
    rows = sorted({(item.path, item.rule) for item in left})
    if rows:
        columns = {
            "path": [path for path, _ in rows],
            "rule": [rule for _, rule in rows],
            "source": [source] * len(rows),
        }
        with_incoming(
            connection,
            "delete from store.left_out using incoming"
            " where left_out.source = incoming.source and left_out.path = incoming.path",
            columns,
        )
        with_incoming(connection, "insert into store.left_out select source, path, rule from incoming", columns)
