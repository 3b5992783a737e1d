"""Adding the counts of another tokenizer, or labels, to files that are in the catalog; other rows stay as they are."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from tokaudit.catalog import one, with_incoming, writing
from tokaudit.columns import column, same, table, texts
from tokaudit.deletion import DELETE_LABELS
from tokaudit.errors import InputError
from tokaudit.records import Recounted
from tokaudit.store import COMMIT_BYTES, COMMIT_SECONDS, note_read_with


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted together.

    Attributes:
        files, paths: the files, by number and path.
        tokenizers: names of those that they were counted with.
        documents: how many are of each file.
        batch: the documents; None if there are none.
        relabels: whether their labels take the place of those that they have.
    """

    files: Sequence[int]
    paths: Sequence[str]
    tokenizers: frozenset[str]
    documents: Sequence[int]
    batch: Recounted | None
    relabels: bool


class RecountWriter:
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
        self._open: list[_Counted] = []  # of a file that is not all in
        self._whole: list[_Counted] = []
        self._bytes = 0
        self._committed = time.monotonic()

    def add(
        self,
        files: Sequence[tuple[int, str]],
        tokenizers: frozenset[str],
        batch: Recounted | None,
        documents: Sequence[int],
        *,
        relabels: bool,
        ends: bool,
    ) -> None:
        """Add documents, so many of each file (number and path), all counted with these tokenizers.

        The files are all in then if this `ends` them; where it does not, there is only one.
        """
        numbers, paths = zip(*files, strict=True)
        self._open.append(_Counted(numbers, paths, tokenizers, documents, batch, relabels))
        self._bytes += 0 if batch is None else int(batch.bytes.sum())
        if ends:
            self._whole += self._open
            self._open = []
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
                having = [counted for counted in whole if name in counted.tokenizers]
                _insert(connection, having, name, number)
                note_read_with(connection, _files(having), [number], ())
            relabelled = [counted for counted in whole if counted.relabels]
            if relabelled:
                _relabel(connection, relabelled)
                note_read_with(connection, _files(relabelled), (), self._labels)


def _files(whole: Sequence[_Counted]) -> list[int]:
    return list(dict.fromkeys(file for counted in whole for file in counted.files))


def _relabel(connection: duckdb.DuckDBPyConnection, whole: Sequence[_Counted]) -> None:
    """Put the labels that were read into the place of all that the files have."""
    for statement in DELETE_LABELS:
        with_incoming(connection, statement, {"file": _files(whole)})
    for name in sorted({name for counted in whole if counted.batch for name in counted.batch.labels}):
        having = [(counted, counted.batch) for counted in whole if counted.batch and name in counted.batch.labels]
        files = np.concatenate([np.repeat(counted.files, counted.documents) for counted, _ in having])
        columns = {
            "file": files,
            "ordinal": np.concatenate([batch.ordinal for _, batch in having]),
            "name": same(name, len(files)),
            "value": pa.concat_arrays([batch.labels[name] for _, batch in having]),
        }
        with_incoming(connection, _INSERT_LABELS, columns)


_INSERT_LABELS: Final = """
insert into store.labels select d.document, i.name, i.value
from incoming i join store.documents d using (file, ordinal) where i.value is not null"""


def _insert(connection: duckdb.DuckDBPyConnection, whole: Sequence[_Counted], name: str, number: int) -> None:
    """Add one tokenizer's counts to documents that are in; each must still have the text that it had."""
    having = [(counted, counted.batch) for counted in whole if counted.batch]
    if not having:
        return
    keys = np.concatenate([batch.keys for _, batch in having])
    documents = [each for counted, _ in having for each in counted.documents]
    paths = texts([path for counted, _ in having for path in counted.paths])
    columns = {
        "path": paths.take(column(np.repeat(np.arange(len(documents)), documents))),
        "file": np.repeat([file for counted, _ in having for file in counted.files], documents),
        "ordinal": np.concatenate([batch.ordinal for _, batch in having]),
        "key_hi": keys[:, 0],
        "key_lo": keys[:, 1],
        "tokenizer": np.full(len(keys), number, np.int32),
        "tokens": np.concatenate([batch.tokens[name] for _, batch in having]),
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
