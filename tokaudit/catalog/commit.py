"""Writes a buffer as rows of the catalog, one statement per table. Call the functions in order, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog.buffer import CommitBuffer, PendingFile
from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.fragment import Fragment
from tokaudit.catalog.inserts import insert_labels, insert_tokens, note_read_with
from tokaudit.catalog.row_files import NEXT_DOCUMENT
from tokaudit.catalog.statements import fetch_one, with_incoming
from tokaudit.core.arrow import constant_column, text_column
from tokaudit.core.batches import MeasuredBatch

_INSERT_FILES: Final = "insert into store.files by name select * from incoming"
_INSERT_BAD: Final = "insert into store.bad_records by name select * from incoming"
_INSERT_OMITTED: Final = "insert into store.omitted by name select * from incoming"
_INSERT_DOCUMENTS: Final = "insert into store.documents_here by name select * from incoming"
_UPDATE_FILES: Final = """
update store.files set documents = files.documents + incoming.documents, bytes = files.bytes + incoming.bytes,
    bad_records = files.bad_records + incoming.bad_records, state = incoming.state, text_field = incoming.text_field,
    extractor = incoming.extractor
from incoming where files.file = incoming.file"""
_NEXT_FILE: Final = "select coalesce(max(file) + 1, 0) from store.files"


def insert_files(connection: duckdb.DuckDBPyConnection, buffer: CommitBuffer, source: str, ingest: int) -> None:
    """Add the new files and number them; update those that are staged."""
    staged = [pending for pending in buffer.files if pending.number is not None]
    fresh = [pending for pending in buffer.files if pending.number is None]
    (first,) = fetch_one(connection, _NEXT_FILE)
    for number, pending in enumerate(fresh, first):
        pending.number = number
    named = {"source": constant_column(source, len(fresh)), "ingest": np.full(len(fresh), ingest)}
    with_incoming(connection, _INSERT_FILES, {**named, **_identity(fresh), **_progress(fresh)})
    if staged:
        with_incoming(connection, _UPDATE_FILES, _progress(staged))


def _identity(files: Sequence[PendingFile]) -> dict[str, Any]:
    return {
        "path": [pending.file.path for pending in files],
        "below": [pending.file.below for pending in files],
        "size": [pending.file.size for pending in files],
        "modified": [pending.file.modified for pending in files],
        "content": [pending.content for pending in files],
        "reader": [pending.reader for pending in files],
        "checked": [pending.checked for pending in files],
    }


def _progress(files: Sequence[PendingFile]) -> dict[str, Any]:
    return {
        "file": [pending.number for pending in files],
        "documents": [pending.documents for pending in files],
        "bytes": [pending.bytes for pending in files],
        "bad_records": [len(pending.bad) for pending in files],
        "state": [pending.state for pending in files],
        "text_field": text_column([pending.text_field for pending in files]),
        "extractor": text_column([pending.extractor for pending in files]),
    }


def insert_bad_records(connection: duckdb.DuckDBPyConnection, buffer: CommitBuffer) -> None:
    """Add the bad records of the files."""
    bad = [(pending.number, record) for pending in buffer.files for record in pending.bad]
    _insert_each(connection, _INSERT_BAD, bad, ("ordinal", "offset", "code", "why"))


def insert_omitted(connection: duckdb.DuckDBPyConnection, buffer: CommitBuffer) -> None:
    """Add the parts of the files that are left out."""
    omitted = [(pending.number, parts) for pending in buffer.files for parts in pending.omitted]
    _insert_each(connection, _INSERT_OMITTED, omitted, ("rule", "suffix", "number", "bytes", "example"))


def _insert_each(
    connection: duckdb.DuckDBPyConnection, insert: str, found: Sequence[tuple[int | None, Any]], names: Sequence[str]
) -> None:
    """Insert a row for each thing that was found: the number of its file, and its attributes of these names."""
    if found:
        columns = {name: [getattr(each, name) for _, each in found] for name in names}
        with_incoming(connection, insert, {"file": [file for file, _ in found], **columns})


def insert_documents(
    connection: duckdb.DuckDBPyConnection, buffer: CommitBuffer, tokenizers: Mapping[str, int]
) -> None:
    """Add the documents of the files, their token counts (tokenizer name -> number) and their labels."""
    if not buffer.documents:
        return
    batches = buffer.batches
    (first,) = fetch_one(connection, NEXT_DOCUMENT)
    documents = np.arange(first, first + buffer.documents)
    with_incoming(connection, _INSERT_DOCUMENTS, {"document": documents, **_document_columns(buffer)})
    for name, number in tokenizers.items():
        tokens = np.concatenate([batch.tokens[name] for batch in batches])
        insert_tokens(connection, documents, number, tokens)
    for label in sorted({label for batch in batches for label in batch.labels}):
        insert_labels(connection, documents, label, [_label_of(batch, label) for batch in batches])


def _document_columns(buffer: CommitBuffer) -> dict[str, Any]:
    batches = buffer.batches
    files = np.array([pending.number for pending in buffer.files])
    keys = np.concatenate([batch.keys for batch in batches])
    return {
        "file": np.repeat(files, [pending.documents for pending in buffer.files]),
        "ordinal": np.concatenate([batch.ordinal for batch in batches]),
        "offset": pa.concat_arrays([batch.offset for batch in batches]),
        "bytes": np.concatenate([batch.bytes for batch in batches]),
        "words": np.concatenate([batch.words for batch in batches]),
        "bytes_repeated_inside": pa.concat_arrays([batch.bytes_repeated_inside for batch in batches]),
        "key_hi": keys[:, 0],
        "key_lo": keys[:, 1],
    }


def _label_of(batch: MeasuredBatch, label: str) -> pa.StringArray:
    return batch.labels[label] if label in batch.labels else pa.nulls(len(batch.ordinal), pa.string())


def finish_files(
    connection: duckdb.DuckDBPyConnection, buffer: CommitBuffer, tokenizers: Mapping[str, int], labels: Sequence[str]
) -> None:
    """Remove old rows of files that are now complete; record their tokenizers and labels, and that groups are stale."""
    done = [pending for pending in buffer.files if pending.state != "staged"]
    delete_files(connection, [pending.replaces for pending in done if pending.replaces is not None])
    files = [pending.number for pending in done if pending.number is not None]
    note_read_with(connection, files, tokenizers.values(), labels)
    connection.execute("update store.derived set fresh = false")


def name_fragment(connection: duckdb.DuckDBPyConnection, fragment: Fragment) -> None:
    """Add a fragment that is on disk to those that the catalog relies on."""
    # The same texts may have been here before and been removed: then they must be compared again.
    connection.execute("delete from store.fragments where fragment = ?", [fragment.name])
    connection.execute(
        "insert into store.fragments (fragment, bytes, xxh3, texts, probed) values (?, ?, ?, ?, false)",
        [fragment.name, fragment.bytes, fragment.xxh3, fragment.texts],
    )
