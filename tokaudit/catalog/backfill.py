"""Adding the counts of another tokenizer, or labels, to files that are in the catalog; other rows stay as they are."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.connection import fetch_with_incoming, with_incoming, write_transaction
from tokaudit.catalog.delete import DELETE_LABELS
from tokaudit.catalog.inserts import insert_labels, insert_tokens, label_bytes, note_read_with
from tokaudit.catalog.writer import COMMIT_BYTES, COMMIT_SECONDS
from tokaudit.core.arrow import filter_batch, to_arrow
from tokaudit.core.batches import BackfillBatch
from tokaudit.core.errors import InputError
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.protocol import UNCOUNTED


@dataclass(frozen=True, slots=True)
class _Backfill:
    """What was counted together.

    Attributes:
        files, paths: the files, by number and path.
        tokenizers: names of those that they were counted with.
        documents: how many are of each file.
        batch: the documents; None if there are none.
        rereads_labels: whether their labels take the place of those that they have.
    """

    files: Sequence[int]
    paths: Sequence[str]
    tokenizers: frozenset[str]
    documents: Sequence[int]
    batch: BackfillBatch | None
    rereads_labels: bool

    def first(self, files: int) -> "_Backfill":
        """The first of its files."""
        documents = self.documents[:files]
        batch = self.batch and filter_batch(self.batch, np.arange(len(self.batch.ordinal)) < sum(documents))
        return replace(self, files=self.files[:files], paths=self.paths[:files], documents=documents, batch=batch)


class BackfillWriter:
    """Adds token counts, whole files a transaction. The caller is `owning` the catalog and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        tokenizers: tokenizer name -> its number in the catalog.
        labels: those that labels are read with, as NAME=FIELD.
    """

    def __init__(self, catalog: Path, tokenizers: Mapping[str, int], labels: Sequence[str]) -> None:
        self._catalog = catalog
        self._tokenizers = dict(tokenizers)
        self._labels = labels
        self._open: list[_Backfill] = []  # of a file that is not all in
        self._whole: list[_Backfill] = []
        self._bytes = 0
        self._committed = time.monotonic()

    def add(
        self,
        files: Sequence[tuple[int, str]],
        tokenizers: frozenset[str],
        batch: BackfillBatch | None,
        documents: Sequence[int],
        *,
        rereads_labels: bool,
        ends: bool,
    ) -> None:
        """Add documents, so many of each file (number and path), all counted with these tokenizers.

        The files are all in then if this `ends` them; where it does not, there is only one.
        """
        numbers, paths = zip(*files, strict=True)
        self._open.append(_Backfill(numbers, paths, tokenizers, documents, batch, rereads_labels))
        self._bytes += 0 if batch is None else int(batch.bytes.sum()) + label_bytes([batch])
        if ends:
            self._whole += self._open
            self._open = []
            if self._bytes >= COMMIT_BYTES or time.monotonic() - self._committed >= COMMIT_SECONDS:
                self.flush()

    def flush(self) -> None:
        """Commit the files that are all in, up to the first that is refused.

        Raises:
            InputError: a file does not hold just the texts that were counted before, or a text can't be counted.
        """
        self._committed = time.monotonic()
        whole, self._whole, self._bytes = self._whole, [], 0
        if not whole:
            return
        files = _files(whole)
        with write_transaction(self._catalog) as connection:
            documents = _numbers(connection, whole)
            refused = _refused(connection, whole, documents)
            if refused is not None:
                before = set(files[: refused[0]])
                whole = [counted.first(sum(file in before for file in counted.files)) for counted in whole]
            for name, number in self._tokenizers.items():
                rows, tokens = _values_of(whole, attrgetter("tokens"), name)
                if tokens:
                    known = documents[rows] >= 0
                    insert_tokens(connection, documents[rows][known], number, np.concatenate(tokens)[known])
                having = [counted for counted in whole if name in counted.tokenizers]
                note_read_with(connection, _files(having), [number], ())
            relabelled = _files([counted for counted in whole if counted.rereads_labels])
            if relabelled:
                for statement in DELETE_LABELS:
                    with_incoming(connection, statement, {"file": relabelled})
                for label in sorted({label for batch in _batches(whole) for label in batch.labels}):
                    rows, values = _values_of(whole, attrgetter("labels"), label)
                    known = documents[rows] >= 0
                    chunks = pa.chunked_array(values).filter(to_arrow(known)).chunks
                    insert_labels(connection, documents[rows][known], label, chunks)
                note_read_with(connection, relabelled, (), self._labels)
        if refused is not None:
            raise InputError(refused[1])


def _files(whole: Sequence[_Backfill]) -> list[int]:
    """Their numbers, in order: a file may have been counted in several stretches."""
    return list(dict.fromkeys(file for counted in whole for file in counted.files))


def _batches(whole: Sequence[_Backfill]) -> list[BackfillBatch]:
    return [counted.batch for counted in whole if counted.batch]


def _values_of(
    whole: Sequence[_Backfill], having: Callable[[BackfillBatch], Mapping[str, Any]], name: str
) -> tuple[Int64, list[Any]]:
    """What some batches have of that name: rows of their documents among all, and the values, batch by batch."""
    rows, values = [np.empty(0, np.int64)], []
    begin = 0
    for batch in _batches(whole):
        end = begin + len(batch.ordinal)
        if name in having(batch):
            rows.append(np.arange(begin, end))
            values.append(having(batch)[name])
        begin = end
    return np.concatenate(rows), values


def _file_of_each(whole: Sequence[_Backfill]) -> Int64:
    """Of each document the number of its file."""
    return np.concatenate([np.repeat(np.array(counted.files), counted.documents) for counted in whole])


_UNKNOWN: Final = -1


def _numbers(connection: duckdb.DuckDBPyConnection, whole: Sequence[_Backfill]) -> Int64:
    """Of each document its number in the catalog; negative where its file has no such text.

    It is `_UNKNOWN` unless it is left out there, as a tokenizer could not count it.
    """
    files = _file_of_each(whole)
    numbers = np.full(len(files), _UNKNOWN)
    if not len(files):
        return numbers
    keys = np.concatenate([batch.keys for batch in _batches(whole)])
    columns = {
        "row": np.arange(len(files)),
        "file": files,
        "ordinal": np.concatenate([batch.ordinal for batch in _batches(whole)]),
        "key_hi": keys[:, 0],
        "key_lo": keys[:, 1],
    }
    found = fetch_with_incoming(
        connection,
        "select row, document from incoming join store.documents using (file, ordinal, key_hi, key_lo) union all"
        " select row, -2 from incoming join store.bad_records using (file, ordinal)"
        " where code = 'too_long_for_tokenizer'",
        columns,
    )
    numbers[found["row"]] = found["document"]
    return numbers


def _refused(
    connection: duckdb.DuckDBPyConnection, whole: Sequence[_Backfill], documents: Int64
) -> tuple[int, str] | None:
    """Place of the first file that can't be taken, and why; None if all can."""
    paths = {file: path for counted in whole for file, path in zip(counted.files, counted.paths, strict=True)}
    files = np.array(list(paths))
    question = "select documents from incoming join store.files using (file) order by place"
    known = fetch_with_incoming(connection, question, {"place": np.arange(len(files)), "file": files})["documents"]
    order = np.argsort(files)
    place = order[np.searchsorted(files, _file_of_each(whole), sorter=order)]
    same = np.bincount(place[documents >= 0], minlength=len(files))
    changed = np.union1d(np.flatnonzero(same != known), place[documents == _UNKNOWN])
    found = []
    if len(changed):
        why = (
            "changed though its size and time did not, or can't be read as far as before; touch it and ingest it again,"
            " or forget its source first"
        )
        found.append((int(changed[0]), why))
    for name in sorted({name for batch in _batches(whole) for name in batch.tokens}):
        rows, tokens = _values_of(whole, attrgetter("tokens"), name)
        uncounted = rows[(np.concatenate(tokens) == UNCOUNTED) & (documents[rows] >= 0)]
        if len(uncounted):
            ordinal = np.concatenate([batch.ordinal for batch in _batches(whole)])[uncounted[0]]
            why = (
                f"record {ordinal} is too long for tokenizer {name} and has no place to cut it, but another counted"
                " it: forget its source, and ingest it with both tokenizers and --on-bad-record skip"
            )
            found.append((int(place[uncounted[0]]), why))
    if not found:
        return None
    first, why = min(found)
    return first, f"{paths[int(files[first])]}: {why}"
