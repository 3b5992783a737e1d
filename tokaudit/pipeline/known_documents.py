"""The documents and bad records that a catalog has of some files, in the order of each file."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile
from tokaudit.catalog.statements import fetch_with_incoming, keys_in
from tokaudit.core.types import Int64, UInt64

MOST_AT_ONCE: Final = 200_000
"""Documents that are fetched at once: a file with more comes in stretches."""

_OPENING: Final = threading.Lock()
"""Held while the catalog is open: DuckDB loses functions if several threads open one file at the same time."""

_DOCUMENTS: Final = """
select d.file, d.ordinal, d.key_hi, d.key_lo from store.documents d semi join incoming using (file)
where d.ordinal >= $begin and d.ordinal < $end order by d.file, d.ordinal
"""
_BAD: Final = """
select b.file, coalesce(b.ordinal, -1) as ordinal,
       b.code in ('too_long_for_tokenizer', 'bad_id', 'label_too_long') as uncounted
from store.bad_records b semi join incoming using (file)
"""
_ALL: Final = np.iinfo(np.int64).max
_NO_ORDINALS: Final = np.empty(0, np.int64)
_NO_KEYS: Final = np.empty((0, 2), np.uint64)


@dataclass(slots=True)
class KnownDocuments:
    """What the catalog has of one file.

    Attributes:
        bad: ordinals of its bad records; -1 for the rest of the file.
        uncounted: ordinals of records that can be read, and that a tokenizer could not count; they are among `bad`.
    """

    bad: Int64
    uncounted: Int64
    _catalog: Path
    _file: CountedFile
    _ordinal: Int64
    _key: UInt64
    _fetched: int
    """All ordinals below it are fetched."""
    _taken: int = 0
    """Documents that were taken so far."""

    def take(self, last: int | None) -> tuple[Int64, UInt64]:
        """Ordinals and keys of the documents up to an ordinal that were not taken yet; None: a stretch of the rest."""
        while self._fetched < _ALL and (len(self._ordinal) == 0 if last is None else self._fetched <= last):
            if self._taken + len(self._ordinal) >= self._file.documents:
                self._fetched = _ALL
                break
            self._fetch()
        count = len(self._ordinal) if last is None else int(np.searchsorted(self._ordinal, last, side="right"))
        taken = self._ordinal[:count], self._key[:count]
        self._ordinal, self._key = self._ordinal[count:], self._key[count:]
        self._taken += count
        return taken

    def left(self) -> int:
        """The number of documents that were not taken yet."""
        return self._file.documents - self._taken

    def _fetch(self) -> None:
        end = self._fetched + MOST_AT_ONCE
        with _OPENING, open_readonly(self._catalog) as connection:
            ordinal, key = _documents(connection, [self._file], self._fetched, end)[self._file.number]
        self._ordinal, self._key = np.concatenate([self._ordinal, ordinal]), np.concatenate([self._key, key])
        self._fetched = end


def known_documents(catalog: Path, files: Iterable[CountedFile]) -> list[KnownDocuments]:
    """What the catalog has of each file. Of a file with more than `MOST_AT_ONCE` documents, they are fetched later.

    Raises:
        CatalogError: the catalog can't be read.
    """
    asked = list(files)
    small = [file for file in asked if file.documents <= MOST_AT_ONCE]
    with _OPENING, open_readonly(catalog) as connection:
        documents = _documents(connection, small, 0, _ALL)
        bad = fetch_with_incoming(connection, _BAD, {"file": [file.number for file in asked]})
    known = []
    for file in asked:
        of_file = bad["ordinal"][bad["file"] == file.number]
        uncounted = of_file[bad["uncounted"][bad["file"] == file.number].astype(bool)]
        ordinal, key = documents.get(file.number, (_NO_ORDINALS, _NO_KEYS))
        fetched = 0 if file.documents > MOST_AT_ONCE else _ALL
        known.append(KnownDocuments(of_file, uncounted, catalog, file, ordinal, key, fetched))
    return known


def _documents(
    connection: duckdb.DuckDBPyConnection, files: list[CountedFile], begin: int, end: int
) -> Mapping[int, tuple[Int64, UInt64]]:
    """Ordinals and keys of the files' documents within these ordinals, by the file's number."""
    if not files:
        return {}
    incoming = {"file": [file.number for file in files]}
    found = fetch_with_incoming(connection, _DOCUMENTS, incoming, {"begin": begin, "end": end})
    ordinal, key = found["ordinal"].astype(np.int64, copy=False), keys_in(found)
    numbers = [file.number for file in files]
    begins = np.searchsorted(found["file"], numbers).tolist()
    ends = np.searchsorted(found["file"], numbers, side="right").tolist()
    return {
        number: (ordinal[start:stop], key[start:stop])
        for number, start, stop in zip(numbers, begins, ends, strict=True)
    }
