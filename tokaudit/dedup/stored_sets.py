"""Shingle sets of texts in a temporary file beside the catalog: memory does not depend on how many there are."""

import mmap
import tempfile
import threading
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

import numpy as np
import pyarrow as pa

from tokaudit.catalog.layout import made_parts_folder, parts_folder
from tokaudit.core.arrow import text_lengths
from tokaudit.core.errors import CatalogError
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

_COMPARED_BYTES: Final = 48_000_000
"""Shingle sets that all workers together have in memory at once, if no single pair has more."""
_MADE_BYTES: Final = 1_000_000
"""Text whose sets are made at once, so that the same memory serves again: fresh pages cost more than the hashing."""


class StoredSets:
    """Shingle sets by their texts' keys. Threads may add to it at once; the first set of a text stays.

    Used as a context manager; the file is gone with it, also after a crash.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._open = ExitStack()
        self._file: IO[bytes] | None = None
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
        self._open.close()

    def add_texts(self, keys: UInt64, text: pa.LargeStringArray) -> None:
        """Add the sets of texts whose keys (n, 2) these are.

        Raises:
            CatalogError: they can't be written.
        """
        ends = np.cumsum(text_lengths(text))
        for begin, end in pairwise(_cuts(ends, _MADE_BYTES)):
            self.add(keys[begin:end], *shingle_sets(text[begin:end]))

    def add(self, keys: UInt64, offsets: Int64, values: UInt64) -> None:
        """Add sets of texts whose keys (n, 2) these are, as `shingle_sets` gives them.

        Raises:
            CatalogError: they can't be written.
        """
        with self._adding:
            try:
                if self._file is None:
                    file = tempfile.TemporaryFile(dir=made_parts_folder(self._catalog))  # noqa: SIM115 - closed at exit
                    self._file = self._open.enter_context(file)
                self._file.write(values.data)
            except OSError as error:
                raise self._fault(error) from error
            self._keys.append(keys)
            self._sizes.append(np.diff(offsets))
            self.bytes += values.nbytes

    def rows(self, keys: UInt64) -> Int64:
        """Numbers of the sets of the texts (n, 2), which `similarities` takes; -1 where there is none."""
        if len(self._keys) > 1:
            self._keys = [np.concatenate(self._keys)]
            self._texts, self._rows = unique(self._keys[0])
        found = positions(self._texts, keys)
        return np.where(found >= 0, self._rows.take(found, mode="clip"), -1) if len(self._rows) else found

    def similarities(self, rows: Int64, workers: int) -> Float64:
        """Jaccard similarity of each pair of rows (m, 2), compared where they lie in the file.

        Raises:
            CatalogError: the file can't be read.
        """
        similarity = np.zeros(len(rows))
        if not len(rows) or self._file is None or not self.bytes:  # an empty file can't be mapped
            return similarity
        self._sizes = [np.concatenate(self._sizes)]
        offsets = np.cumsum(self._sizes[0])
        order = np.lexsort((rows[:, 1], rows[:, 0]))
        ends = np.cumsum(8 * self._sizes[0][1:][rows[order]].sum(axis=1))
        chunks = [order[begin:end] for begin, end in pairwise(_cuts(ends, _COMPARED_BYTES // workers))]
        try:
            self._file.flush()
            mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise self._fault(error) from error
        values = np.frombuffer(mapped, np.uint64)
        with ordered_map(lambda chunk: jaccard(offsets, values, rows[chunk]), chunks, workers, workers) as found:
            for chunk, part in zip(chunks, found, strict=True):
                similarity[chunk] = part
                if hasattr(mmap, "MADV_DONTNEED"):
                    mapped.madvise(mmap.MADV_DONTNEED)  # what was compared stays on disk alone
        return similarity

    def _fault(self, error: OSError) -> CatalogError:
        folder = parts_folder(self._catalog)
        return CatalogError(f"{folder}: can't hold what is compared: {error.strerror or error}")


def _cuts(ends: Int64, held: int) -> list[int]:
    """Where to cut what ends at so many bytes: a stretch has no more than `held`, or is a single thing."""
    cuts = [0]
    while cuts[-1] < len(ends):
        before = ends[cuts[-1] - 1] if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(ends, before + held, "right"))))
    return cuts
