"""Similarities by reading texts again: estimates propose, shingle sets decide.

Each text is read once, file by file, and its shingle set put into a temporary file beside the catalog. Pairs are
then compared over a map of that file, so that memory does not depend on how many texts there are.
"""

import math
import mmap
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import numpy as np
import pyarrow as pa

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.statements import fetch_rows_with_incoming, fetch_with_incoming
from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import ReadOptions
from tokaudit.core.errors import CatalogError
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.ingesters.cleaning import Step, clean
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets
from tokaudit.readers.detect import is_gone
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.reread import part_starts, read_ordinals

_THREADS: Final = 2
"""However many workers count: each holds up to `_COMPARED_BYTES`, and memory must not grow with the machine."""
_TOGETHER_BYTES: Final = 4_000_000
"""Small files are read together until they have as many bytes, and what is read is prepared in such pieces."""
_ALONE_BYTES: Final = 16_000_000
"""Of a part of a file that has no more wanted text, each thread reads its own; else it is read piece by piece."""
_COMPARED_BYTES: Final = 64_000_000
"""Shingle sets that each thread has in memory at once, if no single pair has more."""
_DENSE: Final = 0.5
"""A file is read from its beginning, not record by record, if more than this share of it is wanted."""

_PLACES: Final = """
select i.text, d.file, d.ordinal, coalesce(d."offset", -1) as "offset", d.bytes
from store.documents d join store.whole f using (file) join incoming i using (key_hi, key_lo)
"""
_FILES: Final = """
select f.file, f.path, f.below, f.size, f.modified, f.reader, s.text_field, s.domain, s.clean
from store.files f join incoming using (file) join store.sources s using (source)
order by s.domain, s.clean, f.path
"""


@dataclass(frozen=True, slots=True)
class _File:
    """A file that has wanted texts, and how they were read."""

    file: InputFile
    reader: str
    text_field: str
    domain: str
    clean: str


@dataclass(frozen=True, slots=True)
class _Places:
    """Where texts stand, one entry a document: first one of each text, then the second copies … each in reading order.

    Attributes:
        text: index of the text.
        copy: from 0, which of the documents of that text.
        file: index of the file.
        ordinal: its place there.
        offset: its first byte there; -1 where unknown.
        bytes: of its text.
    """

    text: Int64
    copy: Int64
    file: Int64
    ordinal: Int64
    offset: Int64
    bytes: Int64

    def take(self, chosen: Int64) -> "_Places":
        """Those chosen, in that order."""
        columns = (self.text, self.copy, self.file, self.ordinal, self.offset, self.bytes)
        return _Places(*(column[chosen] for column in columns))


class Verifier:
    """Texts of a catalog read again: their shingle sets are kept while it is open, so that none is read twice.

    Used as a context manager. Texts are read from the files they were counted in; a file that changed counts as gone,
    unless the text is still in it.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._open = ExitStack()
        self._stored: IO[bytes] | None = None
        self._texts = np.empty((0, 2), np.uint64)
        self._row = np.empty(0, np.int64)  # of each text; -1 where it is gone
        self._offsets = np.zeros(1, np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def similarities(self, keys: UInt64) -> Float64:
        """Jaccard similarity of the shingle sets of each pair of texts (two keys, (m, 4)); NaN where one is gone.

        Raises:
            CatalogError: the shingle sets can't be written beside the catalog: 1.3 times the text.
        """
        similarity = np.full(len(keys), np.nan)
        try:
            if self._stored is None:
                stored = tempfile.TemporaryFile(dir=parts_folder(self._catalog))  # noqa: SIM115 - closed at the exit
                self._stored = self._open.enter_context(stored)
            self._add(self._stored, keys.reshape(-1, 2))
            rows = self._row[positions(self._texts, keys.reshape(-1, 2))].reshape(-1, 2)
            there = (rows >= 0).all(axis=1)
            similarity[there] = _compared(self._stored, self._offsets, rows[there])
        except OSError as error:
            folder = parts_folder(self._catalog)
            raise CatalogError(f"{folder}: can't hold what is read again: {error.strerror or error}") from error
        return similarity

    def _add(self, stored: IO[bytes], texts: UInt64) -> None:
        """Read those of the texts that have not been."""
        fresh, _ = unique(texts[positions(self._texts, texts) < 0])
        row, offsets = _store_sets(stored, fresh, *_places(self._catalog, fresh))
        row[row >= 0] += len(self._offsets) - 1
        self._texts, first = unique(np.concatenate([self._texts, fresh]))
        self._row = np.concatenate([self._row, row])[first]
        self._offsets = np.concatenate([self._offsets, self._offsets[-1] + offsets[1:]])


def _places(catalog: Path, texts: UInt64) -> tuple[_Places, list[_File]]:
    """Every document that has one of the texts and whose file may be there, and those files."""
    incoming = {"key_hi": texts[:, 0], "key_lo": texts[:, 1], "text": np.arange(len(texts))}
    with open_readonly(catalog) as connection:
        found = fetch_with_incoming(connection, _PLACES, incoming)
        described = fetch_rows_with_incoming(connection, _FILES, {"file": np.unique(found["file"])})
    files, numbers = [], []
    for row in described:
        if not is_gone(row["path"]):
            found_file = InputFile(*(row[name] for name in ("path", "below", "size", "modified")))
            files.append(_File(found_file, *(row[name] for name in ("reader", "text_field", "domain", "clean"))))
            numbers.append(row["file"])
    order = np.argsort(np.array(numbers, np.int64))
    ordered = np.array(numbers, np.int64)[order]
    at = np.searchsorted(ordered, found["file"])
    there = np.flatnonzero(ordered.take(at, mode="clip") == found["file"]) if numbers else np.empty(0, np.int64)
    file = order[at[there]]
    text, ordinal = found["text"][there], found["ordinal"][there]
    by_text = np.lexsort((ordinal, file, text))
    begins = np.searchsorted(text[by_text], text[by_text])
    copy = np.empty(len(text), np.int64)
    copy[by_text] = np.arange(len(text)) - begins
    places = _Places(text, copy, file, ordinal, found["offset"][there], found["bytes"][there])
    return places.take(np.lexsort((ordinal, file, copy))), files


def _store_sets(stored: IO[bytes], texts: UInt64, places: _Places, files: Sequence[_File]) -> tuple[Int64, Int64]:
    """Write the shingle sets of the texts one after another: row of each text, -1 if it is gone, and rows' offsets."""
    row = np.full(len(texts), -1, np.int64)
    lengths = [np.zeros(1, np.int64)]
    found = 0
    copies = int(places.copy[-1]) + 1 if len(places.copy) else 0
    edges = np.searchsorted(places.copy, np.arange(copies + 1)).tolist()
    for begin, end in pairwise(edges):
        wanted = np.arange(begin, end)
        wanted = wanted[row[places.text[wanted]] < 0]
        read = _texts(places.take(wanted), files)
        with ordered_map(lambda task: _sets(texts, *task), read, _THREADS, _THREADS) as sets:
            for index, sizes, values in sets:
                fresh = row[index] < 0  # a file that changed may hold a text where another was
                added = index[fresh]
                row[added] = np.arange(found, found + len(added))
                found += len(added)
                lengths.append(sizes[fresh])
                stored.write((values if fresh.all() else values[np.repeat(fresh, sizes)]).data)
    stored.flush()
    return row, np.cumsum(np.concatenate(lengths))


def _sets(
    texts: UInt64, parts: Sequence[Iterable[pa.LargeStringArray]], steps: Sequence[Step]
) -> tuple[Int64, Int64, UInt64]:
    """Of the wanted texts among those of the parts: their indexes, the sizes of their shingle sets, and these."""
    read = [text for part in parts for text in part]
    text = clean(pa.concat_arrays([pa.array([], pa.large_string()), *read]), steps)
    index, first = np.unique(positions(texts, text_keys(text)), return_index=True)
    wanted = index >= 0
    offsets, values = shingle_sets(text.take(to_arrow(first[wanted])))
    return index[wanted], np.diff(offsets), values


def _texts(
    places: _Places, files: Sequence[_File]
) -> Iterator[tuple[Sequence[Iterable[pa.LargeStringArray]], Sequence[Step]]]:
    """Parts of files whose texts are at the places, small ones together, and how they were cleaned.

    A part is read by whoever iterates over it, unless it has much text: then it comes in pieces that are read.
    """
    waiting: list[Iterable[pa.LargeStringArray]] = []
    held = 0.0
    way = ("", "")
    edges = np.searchsorted(places.file, np.arange(len(files) + 1)).tolist()
    for file, begin, end in zip(files, edges, edges[1:], strict=False):
        if begin == end:
            continue
        if waiting and way != (file.domain, file.clean):
            yield waiting, _steps(*way)
            waiting, held = [], 0.0
        way = (file.domain, file.clean)
        for part, size in _parts(file, places.take(np.arange(begin, end))):
            waiting.append(part)
            held += size
            if held > _TOGETHER_BYTES:
                yield waiting, _steps(*way)
                waiting, held = [], 0.0
    if waiting:
        yield waiting, _steps(*way)


def _parts(file: _File, wanted: _Places) -> Iterator[tuple[Iterable[pa.LargeStringArray], float]]:
    """The wanted texts of a file, part by part, and about how many bytes each part is read from."""
    starts = part_starts(READERS.get(file.reader), file.file)
    starts = starts[:: math.ceil(_TOGETHER_BYTES * len(starts) / max(1, file.file.size))]
    edges = np.unique(np.searchsorted(wanted.ordinal, [*starts.tolist(), np.iinfo(np.int64).max])).tolist()
    for begin, end in pairwise(edges):
        part = wanted.take(np.arange(begin, end))
        if part.bytes.sum() <= _ALONE_BYTES:
            yield _read(file, part), file.file.size / len(starts)
        else:
            for text in _read(file, part):
                yield [text], text.nbytes


def _steps(domain: str, cleaning: str) -> Sequence[Step]:
    return ingester_of(domain).steps(cleaning)


def _read(file: _File, wanted: _Places) -> Iterator[pa.LargeStringArray]:
    """The wanted texts as they stand in their file."""
    dense = wanted.bytes.sum() > _DENSE * file.file.size
    offsets = None if dense or (wanted.offset < 0).any() else wanted.offset
    options = ReadOptions(text_field=file.text_field)
    for batch in read_ordinals(READERS.get(file.reader), file.file, options, wanted.ordinal, offsets):
        yield batch.text


def _compared(stored: IO[bytes], offsets: Int64, rows: Int64) -> Float64:
    """Jaccard similarity of each pair of rows (m, 2), compared where they lie in the file."""
    similarity = np.empty(len(rows), np.float64)
    if offsets[-1] == 0:  # an empty file can't be mapped
        return np.zeros(len(rows))
    order = np.lexsort((rows[:, 1], rows[:, 0]))
    ends = np.cumsum(8 * np.diff(offsets)[rows[order]].sum(axis=1))
    cuts = [0]
    while cuts[-1] < len(rows):
        held = ends[cuts[-1] - 1] if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(ends, held + _COMPARED_BYTES, "right"))))
    chunks = [order[begin:end] for begin, end in pairwise(cuts)]
    mapped = mmap.mmap(stored.fileno(), 0, access=mmap.ACCESS_READ)
    values = np.frombuffer(mapped, np.uint64)
    with ordered_map(lambda chunk: jaccard(offsets, values, rows[chunk]), chunks, _THREADS, _THREADS) as found:
        for chunk, part in zip(chunks, found, strict=True):
            similarity[chunk] = part
            if hasattr(mmap, "MADV_DONTNEED"):
                mapped.madvise(mmap.MADV_DONTNEED)  # what was compared stays on disk alone
    return similarity
