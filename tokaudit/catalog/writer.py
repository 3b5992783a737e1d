"""Writing to the catalog: whole files, many small ones a transaction, a huge one staged in parts."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.connection import fetch_one, with_incoming, write_transaction
from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.inserts import insert_labels, insert_tokens, label_bytes, note_read_with
from tokaudit.catalog.signatures import Fragment, write_fragment
from tokaudit.core.arrow import constant_column, sums
from tokaudit.core.batches import BadRecord, MeasuredBatch
from tokaudit.core.text_keys import unique
from tokaudit.readers.files import InputFile

COMMIT_BYTES: Final = 64_000_000
"""Text between two commits: a commit costs some 20 ms, however little it holds."""
COMMIT_SECONDS: Final = 5.0
PART_DOCUMENTS: Final = 100_000
"""Documents and bad records that may wait for a commit, a file unfinished or not: each is 0.6 kB, three times that in
a commit.

A file of more is staged in parts, and shows when all are in.
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


class CatalogWriter:
    """Adds the files of one source to a catalog. The caller is `owning` it and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        source: name of the source, already in the catalog.
        ingest: number of the ingest.
        tokenizers: tokenizer name -> its number in the catalog.
        labels: those that files are read with, as NAME=FIELD.
    """

    def __init__(
        self, catalog: Path, source: str, ingest: int, tokenizers: Mapping[str, int], labels: Sequence[str] = ()
    ) -> None:
        self._catalog = catalog
        self._source = source
        self._ingest = ingest
        self._tokenizers = dict(tokenizers)
        self._labels = labels
        self._pending: list[_Pending] = []
        self._open: list[_Pending] = []  # the last of them, that are not all in
        self._batches: list[MeasuredBatch] = []  # documents of the files that wait, in order
        self._committed = time.monotonic()
        self._bytes = self._documents = self._bad = 0
        self._broken_off = False

    def begin(self, file: InputFile, content: str, reader: str, replaces: int | None) -> None:
        """Begin a file; `replaces` is the number of its old rows, dropped when the new ones are all in."""
        pending = _Pending(file, content, reader, replaces=replaces)
        self._pending.append(pending)
        self._open.append(pending)

    def add(
        self,
        batch: MeasuredBatch | None,
        documents: Sequence[int],
        bad: Iterable[tuple[int, BadRecord]] = (),
        *,
        ends: bool = True,
    ) -> None:
        """Add documents and bad records to the files that are begun and not all in; then they are, if this `ends` them.

        Args:
            batch: the documents, in the files' order; None if there are none.
            documents: how many are of each file; where it does not end, there is only one file.
            bad: places of files among these, and their bad records; one without an ordinal says that the rest of a
                file could not be read.
            ends: whether the files are all in now.
        """
        size = [0] * len(documents) if batch is None else sums(batch.bytes, documents).tolist()
        if batch is not None:
            self._batches.append(batch)
        for pending, number, of_file in zip(self._open, documents, size, strict=True):
            pending.documents += number
            pending.bytes += of_file
        for place, record in bad:
            self._open[place].bad.append(record)
            self._open[place].cut |= record.ordinal is None
            self._bad += 1
        self._documents += sum(documents)
        self._bytes += sum(size)
        if ends:
            for pending in self._open:
                pending.state = "partial" if pending.cut else "counted"
            self._open = []
        overdue = self._bytes >= COMMIT_BYTES or time.monotonic() - self._committed >= COMMIT_SECONDS
        many = self._documents + self._bad >= PART_DOCUMENTS or label_bytes(self._batches) >= COMMIT_BYTES
        if many or (ends and overdue):
            self.flush()

    def refuse_unfinished(self) -> None:
        """Forget what is begun and not all in, staged parts too; files finished before are kept."""
        refused, self._open = self._open, []
        self._pending = self._pending[: len(self._pending) - len(refused)]
        self._bytes = sum(pending.bytes for pending in self._pending)
        self._documents = sum(pending.documents for pending in self._pending)
        self._bad = sum(len(pending.bad) for pending in self._pending)
        waiting = sum(len(batch.ordinal) for batch in self._batches)
        while waiting > self._documents:
            waiting -= len(self._batches.pop().ordinal)
        staged = [pending.staged_as for pending in refused if pending.staged_as is not None]
        if staged:
            with write_transaction(self._catalog) as connection:
                delete_files(connection, staged)

    def flush(self) -> None:
        """Commit what waits: fragments first, synced, then one transaction that names them.

        A flush that was broken off is not tried again: its transaction is in or not, and nobody here knows which.
        """
        self._committed = time.monotonic()
        if not self._pending or self._broken_off:
            return
        self._broken_off = True
        fragment = self._write_fragment()
        with write_transaction(self._catalog) as connection:
            next_file, next_document = _next_numbers(connection)
            staged = [pending for pending in self._pending if pending.staged_as is not None]
            fresh = [pending for pending in self._pending if pending.staged_as is None]
            for number, pending in enumerate(fresh, next_file):
                pending.staged_as = number
            with_incoming(connection, _INSERT_FILES, self._file_columns(fresh))
            if staged:
                with_incoming(connection, _UPDATE_FILES, _progress_columns(staged))
            self._insert_rows(connection, next_document)
            done = [pending for pending in self._pending if pending.state != "staged"]
            delete_files(connection, [pending.replaces for pending in done if pending.replaces is not None])
            files = [pending.staged_as for pending in done if pending.staged_as is not None]
            note_read_with(connection, files, self._tokenizers.values(), self._labels)
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
        self._batches = []
        self._bytes = self._documents = self._bad = 0
        self._pending = [pending for pending in self._pending if pending.state == "staged"]
        self._broken_off = False

    def _file_columns(self, fresh: Sequence[_Pending]) -> dict[str, Any]:
        return {
            "source": constant_column(self._source, len(fresh)),
            "path": [pending.file.path for pending in fresh],
            "below": [pending.file.below for pending in fresh],
            "size": [pending.file.size for pending in fresh],
            "modified": [pending.file.modified for pending in fresh],
            "content": [pending.content for pending in fresh],
            "reader": [pending.reader for pending in fresh],
            "ingest": np.full(len(fresh), self._ingest),
            **_progress_columns(fresh),
        }

    def _write_fragment(self) -> Fragment | None:
        if not self._documents:
            return None
        worded = np.flatnonzero(np.concatenate([batch.words for batch in self._batches]))
        if not len(worded):
            return None
        distinct, first = unique(np.concatenate([batch.keys for batch in self._batches])[worded])
        signatures = np.concatenate([batch.signatures for batch in self._batches])[worded[first]]
        return write_fragment(self._catalog, distinct, signatures)

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
        batches = self._batches
        files = np.array([pending.staged_as for pending in self._pending])
        documents = np.arange(first, first + self._documents)
        keys = np.concatenate([batch.keys for batch in batches])
        columns = {
            "document": documents,
            "file": np.repeat(files, [pending.documents for pending in self._pending]),
            "ordinal": np.concatenate([batch.ordinal for batch in batches]),
            "offset": pa.concat_arrays([batch.offset for batch in batches]),
            "bytes": np.concatenate([batch.bytes for batch in batches]),
            "words": np.concatenate([batch.words for batch in batches]),
            "key_hi": keys[:, 0],
            "key_lo": keys[:, 1],
        }
        with_incoming(connection, "insert into store.documents by name select * from incoming", columns)
        for name, number in self._tokenizers.items():
            tokens = np.concatenate([batch.tokens[name] for batch in batches])
            insert_tokens(connection, documents, number, tokens)
        for label in sorted({label for batch in batches for label in batch.labels}):
            values = [
                batch.labels[label] if label in batch.labels else pa.nulls(len(batch.ordinal), pa.string())
                for batch in batches
            ]
            insert_labels(connection, documents, label, values)


def _progress_columns(waiting: Sequence[_Pending]) -> dict[str, Any]:
    return {
        "file": [pending.staged_as for pending in waiting],
        "documents": [pending.documents for pending in waiting],
        "bytes": [pending.bytes for pending in waiting],
        "bad_records": [len(pending.bad) for pending in waiting],
        "state": [pending.state for pending in waiting],
    }


_INSERT_FILES: Final = "insert into store.files by name select * from incoming"
_INSERT_BAD: Final = "insert into store.bad_records by name select * from incoming"
_UPDATE_FILES: Final = """
update store.files set documents = files.documents + incoming.documents, bytes = files.bytes + incoming.bytes,
    bad_records = files.bad_records + incoming.bad_records, state = incoming.state
from incoming where files.file = incoming.file"""


def _next_numbers(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    file, document = fetch_one(
        connection,
        "select (select coalesce(max(file) + 1, 0) from store.files),"
        " (select coalesce(max(document) + 1, 0) from store.documents)",
    )
    return int(file), int(document)
