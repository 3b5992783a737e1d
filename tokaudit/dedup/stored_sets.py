"""Shingle sets of texts in a temporary file next to the catalog, so that memory does not grow with them."""

import mmap
import threading
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import pyarrow as pa

from tokaudit.catalog.temporary_file import TemporaryFile
from tokaudit.core.arrow import byte_lengths
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

_COMPARED_BYTES: Final = 48_000_000
"""Bytes of shingle sets that all workers together have in memory, unless a single pair has more."""
_MADE_BYTES: Final = 1_000_000
"""Bytes of text whose sets are made at once. The memory is reused: fresh pages cost more than the hashing."""


class StoredSets:
    """Shingle sets by their texts' keys. Threads may add to it at once; the first set of a text stays.

    Used as a context manager, which removes the file at the end.

    Attributes:
        bytes: size of the stored sets.
    """

    def __init__(self, catalog: Path) -> None:
        self._file = TemporaryFile(catalog)
        self._adding = threading.Lock()
        self._keys = [np.empty((0, 2), np.uint64)]
        self._sizes = [np.zeros(1, np.int64)]
        self._texts = np.empty((0, 2), np.uint64)
        self._rows = np.empty(0, np.int64)
        self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add_texts(self, keys: UInt64, text: pa.LargeStringArray) -> None:
        """Add the sets of texts, given with their keys (n, 2).

        Raises:
            CatalogError: the file can't be written.
        """
        ends = np.cumsum(byte_lengths(text))
        for begin, end in pairwise(cuts(ends, _MADE_BYTES)):
            self.add(keys[begin:end], *shingle_sets(text[begin:end]))

    def add(self, keys: UInt64, offsets: Int64, values: UInt64) -> None:
        """Add sets as `shingle_sets` returns them, given with the keys (n, 2) of their texts.

        Raises:
            CatalogError: the file can't be written.
        """
        with self._adding:
            self._file.write(self.bytes, values)
            self._keys.append(keys)
            self._sizes.append(np.diff(offsets))
            self.bytes += values.nbytes

    def rows(self, keys: UInt64) -> Int64:
        """Row of each text's set, as `similarities` takes it; -1 where a text has no set. `keys` is (n, 2)."""
        if len(self._keys) > 1:
            self._keys = [np.concatenate(self._keys)]
            self._texts, self._rows = unique(self._keys[0])
        found = positions(self._texts, keys)
        return np.where(found >= 0, self._rows.take(found, mode="clip"), -1) if len(self._rows) else found

    def similarities(self, rows: Int64, workers: int) -> Float64:
        """Jaccard similarity of each pair of rows (m, 2). Sets are compared in the mapped file.

        Raises:
            CatalogError: the file can't be read.
        """
        similarity = np.zeros(len(rows))
        if not len(rows) or not self.bytes:  # an empty file can't be mapped
            return similarity
        self._sizes = [np.concatenate(self._sizes)]
        offsets = np.cumsum(self._sizes[0])
        order = np.lexsort((rows[:, 1], rows[:, 0]))
        ends = np.cumsum(8 * self._sizes[0][1:][rows[order]].sum(axis=1))
        chunks = [order[begin:end] for begin, end in pairwise(cuts(ends, _COMPARED_BYTES // workers))]
        mapped = self._file.mapped()
        values = np.frombuffer(mapped, np.uint64)
        with ordered_map(lambda chunk: jaccard(offsets, values, rows[chunk]), chunks, workers, workers) as found:
            for chunk, part in zip(chunks, found, strict=True):
                similarity[chunk] = part
                if hasattr(mmap, "MADV_DONTNEED"):
                    mapped.madvise(mmap.MADV_DONTNEED)  # frees the memory; the sets stay on disk
        return similarity


def cuts(ends: Int64, held: int) -> list[int]:
    """Bounds of runs of items that end at these bytes. A run has at most `held` bytes, or is a single item."""
    cuts = [0]
    while cuts[-1] < len(ends):
        before = ends[cuts[-1] - 1] if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(ends, before + held, "right"))))
    return cuts
