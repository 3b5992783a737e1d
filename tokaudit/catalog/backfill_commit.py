"""Adds token counts and labels of files in the catalog as rows. Every function is called inside one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.delete import delete_labels
from tokaudit.catalog.inserts import insert_labels, insert_tokens, note_read_with
from tokaudit.catalog.statements import fetch_with_incoming
from tokaudit.core.arrow import first_documents, to_arrow
from tokaudit.core.batches import BackfillBatch
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.protocol import UNCOUNTED

_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Backfill:
    """Documents that were counted together.

    Attributes:
        files: numbers of their files.
        paths: paths of these files.
        tokenizers: names of the tokenizers that counted them.
        documents: number of documents of each file.
        batch: the documents; None if there are none.
        rereads_labels: whether their labels replace those in the catalog.
    """

    files: Sequence[int]
    paths: Sequence[str]
    tokenizers: frozenset[str]
    documents: Sequence[int]
    batch: BackfillBatch | None
    rereads_labels: bool

    def first(self, files: int) -> "Backfill":
        """The part of its first `files` files."""
        documents = self.documents[:files]
        batch = self.batch and first_documents(self.batch, sum(documents))
        return replace(self, files=self.files[:files], paths=self.paths[:files], documents=documents, batch=batch)


def first_files(whole: Sequence[Backfill], count: int) -> list[Backfill]:
    """The parts of the first `count` files."""
    before = set(_files(whole)[:count])
    return [counted.first(sum(file in before for file in counted.files)) for counted in whole]


def add_tokens(
    connection: duckdb.DuckDBPyConnection, whole: Sequence[Backfill], documents: Int64, name: str, number: int
) -> None:
    """Add the counts of one tokenizer, and record the files that have them.

    Args:
        connection: inside a transaction.
        whole: documents of complete files.
        documents: number of each document in the catalog, as `number_documents` gives it.
        name: name of the tokenizer.
        number: its number in the catalog.
    """
    rows, tokens = _values_of(whole, attrgetter("tokens"), name)
    if tokens:
        known = documents[rows] >= 0
        insert_tokens(connection, documents[rows][known], number, np.concatenate(tokens)[known])
    having = [counted for counted in whole if name in counted.tokenizers]
    note_read_with(connection, _files(having), [number], ())


def add_labels(
    connection: duckdb.DuckDBPyConnection, whole: Sequence[Backfill], documents: Int64, labels: Sequence[str]
) -> None:
    """Replace the labels of files whose labels were read again, and record the labels that were read."""
    relabelled = _files([counted for counted in whole if counted.rereads_labels])
    if not relabelled:
        return
    delete_labels(connection, relabelled)
    for label in sorted({label for batch in _batches(whole) for label in batch.labels}):
        rows, values = _values_of(whole, attrgetter("labels"), label)
        known = documents[rows] >= 0
        chunks = pa.chunked_array(values).filter(to_arrow(known)).chunks
        insert_labels(connection, documents[rows][known], label, chunks)
    note_read_with(connection, relabelled, (), labels)


def _files(whole: Sequence[Backfill]) -> list[int]:
    """Numbers of the files, each once, in order: a file may have been counted in several parts."""
    return list(dict.fromkeys(file for counted in whole for file in counted.files))


def _batches(whole: Sequence[Backfill]) -> list[BackfillBatch]:
    return [counted.batch for counted in whole if counted.batch]


def _values_of(
    whole: Sequence[Backfill], having: Callable[[BackfillBatch], Mapping[str, Any]], name: str
) -> tuple[Int64, list[Any]]:
    """For the batches that have this name: rows of their documents among all, and the values per batch."""
    rows, values = [np.empty(0, np.int64)], []
    begin = 0
    for batch in _batches(whole):
        end = begin + len(batch.ordinal)
        if name in having(batch):
            rows.append(np.arange(begin, end))
            values.append(having(batch)[name])
        begin = end
    return np.concatenate(rows), values


def _file_of_each(whole: Sequence[Backfill]) -> Int64:
    """The number of each document's file."""
    return np.concatenate([np.repeat(np.array(counted.files), counted.documents) for counted in whole])


def number_documents(connection: duckdb.DuckDBPyConnection, whole: Sequence[Backfill]) -> Int64:
    """The number of each document in the catalog; negative if its file has no such text there.

    It is `_UNKNOWN`, or -2 if the catalog left the document out because it was too long for a tokenizer.
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


def backfill_refusal(
    connection: duckdb.DuckDBPyConnection, whole: Sequence[Backfill], documents: Int64
) -> tuple[int, str] | None:
    """Place of the first file that can't be added, and the reason; None if all can."""
    paths = {file: path for counted in whole for file, path in zip(counted.files, counted.paths, strict=True)}
    files = np.array(list(paths))
    order = np.argsort(files)
    place = order[np.searchsorted(files, _file_of_each(whole), sorter=order)]
    found = [*_changed(connection, files, place, documents), *_uncountable(whole, place, documents)]
    if not found:
        return None
    first, why = min(found)
    return first, f"{paths[int(files[first])]}: {why}"


def _changed(
    connection: duckdb.DuckDBPyConnection, files: Int64, place: Int64, documents: Int64
) -> Iterator[tuple[int, str]]:
    """Place of the first file that does not contain exactly the documents counted before, and the reason."""
    question = "select documents from incoming join store.files using (file) order by place"
    known = fetch_with_incoming(connection, question, {"place": np.arange(len(files)), "file": files})["documents"]
    same = np.bincount(place[documents >= 0], minlength=len(files))
    changed = np.union1d(np.flatnonzero(same != known), place[documents == _UNKNOWN])
    if len(changed):
        why = (
            "has changed though its size and time have not, or can't be read as far as before; touch it and ingest it"
            " again, or `tokaudit forget` its source first"
        )
        yield int(changed[0]), why


def _uncountable(whole: Sequence[Backfill], place: Int64, documents: Int64) -> Iterator[tuple[int, str]]:
    """For each tokenizer, place of the first file with a document that it can't count, and the reason."""
    for name in sorted({name for batch in _batches(whole) for name in batch.tokens}):
        rows, tokens = _values_of(whole, attrgetter("tokens"), name)
        uncounted = rows[(np.concatenate(tokens) == UNCOUNTED) & (documents[rows] >= 0)]
        if len(uncounted):
            ordinal = np.concatenate([batch.ordinal for batch in _batches(whole)])[uncounted[0]]
            why = (
                f"record {ordinal} is too long for tokenizer {name} and has no place to be cut, but another tokenizer"
                " counted it; `tokaudit forget` its source, then ingest with both tokenizers and --on-bad-record skip"
            )
            yield int(place[uncounted[0]]), why
