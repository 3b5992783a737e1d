"""Adding the counts of another tokenizer, or labels, to files that are in the catalog; other rows stay as they are."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog import one, with_incoming, writing
from tokaudit.columns import column, table, texts
from tokaudit.errors import InputError
from tokaudit.records import Recounted
from tokaudit.store import COMMIT_BYTES, COMMIT_SECONDS, INSERT_COUNTED_WITH

_Part = tuple[str, Recounted, slice]
"""Path of a file, and rows of what was counted together that are its documents."""


class RecountWriter:
    """Adds token counts, whole files a transaction. The caller is `owning` the catalog and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        tokenizers: tokenizer name -> its number in the catalog.
    """

    def __init__(self, catalog: Path, tokenizers: Mapping[str, int]) -> None:
        self._catalog = catalog
        self._tokenizers = dict(tokenizers)
        self._current: list[_Part] = []
        self._whole: list[tuple[int, frozenset[str], list[_Part]]] = []
        self._bytes = 0
        self._committed = time.monotonic()

    def add(self, path: str, batch: Recounted, rows: slice) -> None:
        """Add some rows of a batch to the file that is read now."""
        self._current.append((path, batch, rows))
        self._bytes += int(batch.bytes[rows].sum())

    def finish(self, file: int, tokenizers: Iterable[str]) -> None:
        """The file that is read now is all in; it has been counted with these tokenizers."""
        self._whole.append((file, frozenset(tokenizers), self._current))
        self._current = []
        if self._bytes >= COMMIT_BYTES or time.monotonic() - self._committed >= COMMIT_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Commit the files that are all in.

        Raises:
            InputError: a text is not the one that was counted before.
        """
        self._committed = time.monotonic()
        whole, self._whole, self._bytes = self._whole, [], 0
        if not whole:
            return
        with writing(self._catalog) as connection:
            for name, number in self._tokenizers.items():
                having = [(file, parts) for file, names, parts in whole if name in names]
                placed = [(file, part) for file, parts in having for part in parts]
                if placed:
                    _insert(connection, placed, name, number)
                columns = {"file": [file for file, _ in having], "tokenizer": [number] * len(having)}
                with_incoming(connection, INSERT_COUNTED_WITH, columns)
            _relabel(connection, [(file, part) for file, _, parts in whole for part in parts])


def _relabel(connection: duckdb.DuckDBPyConnection, placed: Sequence[tuple[int, _Part]]) -> None:
    for name in sorted({name for _, (_, batch, _) in placed for name in batch.labels}):
        having = [(file, batch, rows) for file, (_, batch, rows) in placed if name in batch.labels]
        lengths = [rows.stop - rows.start for _, _, rows in having]
        columns = {
            "file": np.repeat([file for file, _, _ in having], lengths),
            "ordinal": np.concatenate([batch.ordinal[rows] for _, batch, rows in having]),
            "name": [name] * sum(lengths),
            "value": pa.concat_arrays([batch.labels[name][rows] for _, batch, rows in having]),
        }
        with_incoming(connection, _DELETE_LABELS, columns)
        with_incoming(connection, _INSERT_LABELS, columns)


_DELETE_LABELS: Final = """
delete from store.labels using store.documents d, incoming i
where labels.document = d.document and d.file = i.file and d.ordinal = i.ordinal and labels.name = i.name"""
_INSERT_LABELS: Final = """
insert into store.labels select d.document, i.name, i.value
from incoming i join store.documents d using (file, ordinal) where i.value is not null"""


def _insert(connection: duckdb.DuckDBPyConnection, placed: Sequence[tuple[int, _Part]], name: str, number: int) -> None:
    """Add one tokenizer's counts to documents that are in; each must still have the text that it had."""
    parts = [part for _, part in placed]
    lengths = [rows.stop - rows.start for _, _, rows in parts]
    keys = np.concatenate([batch.keys[rows] for _, batch, rows in parts])
    columns = {
        "path": texts([path for path, _, _ in parts]).take(column(np.repeat(np.arange(len(parts)), lengths))),
        "file": np.repeat([file for file, _ in placed], lengths),
        "ordinal": np.concatenate([batch.ordinal[rows] for _, batch, rows in parts]),
        "key_hi": keys[:, 0],
        "key_lo": keys[:, 1],
        "tokenizer": np.full(len(keys), number, np.int32),
        "tokens": np.concatenate([batch.tokens[name][rows] for _, batch, rows in parts]),
    }
    connection.register("incoming", table(columns))
    (changed,) = one(
        connection,
        "select min(path) from incoming anti join store.documents using (file, ordinal, key_hi, key_lo)"
        " anti join store.bad_records using (file, ordinal)",
    )
    if changed is not None:
        raise InputError(f"{changed}: changed though its size and time did not; touch it and ingest it again")
    uncounted = connection.execute(
        "select path, ordinal from incoming semi join store.documents using (file, ordinal)"
        " where tokens < 0 order by all limit 1"
    ).fetchall()
    for path, ordinal in uncounted:
        raise InputError(
            f"{path}: record {ordinal} is too long for tokenizer {name} and has no place to cut it, but another"
            " counted it: forget its source, and ingest it with both tokenizers and --on-bad-record skip"
        )
    connection.execute(
        "insert into store.token_counts select document, tokenizer, tokens"
        " from incoming join store.documents using (file, ordinal, key_hi, key_lo)"
    )
    connection.unregister("incoming")
