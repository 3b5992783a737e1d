"""Estimated similarities of pairs of texts, from their signatures."""

from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from tokaudit.catalog.signatures import Fragments
from tokaudit.core.types import Float64, Int64, UInt32
from tokaudit.dedup.named_arrays import NamedArrays
from tokaudit.dedup.renumber import renumbered
from tokaudit.measure.fingerprints.minhash import BINS, estimate

_READ_AT_ONCE: Final = 200_000
"""Texts whose signatures are copied at once: 51 MB."""


class Estimates:
    """Estimated similarities for pairs of given texts.

    Most texts in the fragments have no pair. So the signatures of the given texts are read once, in file order, and
    kept together in a temporary file. It can be sent to tasks. Used as a context manager.

    Args:
        catalog: the DuckDB file.
        fragments: the fragments that contain the texts.
        numbers: numbers of the texts in the fragments.
    """

    def __init__(self, catalog: Path, fragments: Fragments, numbers: UInt32 | Int64) -> None:
        order = np.argsort(numbers).astype(np.uint32)
        row = np.empty(len(numbers), np.uint32)
        row[order] = np.arange(len(numbers), dtype=np.uint32)
        self._texts = len(numbers)
        self._kept = NamedArrays(catalog)
        self._row = self._kept.reserve(np.uint32, (len(numbers),))
        self._kept.fill(self._row, 0, row)
        self._signatures = self._kept.reserve(np.uint16, (len(numbers), BINS))
        for begin in range(0, len(numbers), _READ_AT_ONCE):
            some = fragments.signatures_of(numbers[order[begin : begin + _READ_AT_ONCE]].astype(np.int64))
            self._kept.fill(self._signatures, begin, some)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()

    def of(self, pairs: UInt32) -> Float64:
        """Estimates for pairs (m, 2) of positions in `numbers`. The signatures of all their texts are in memory."""
        rows, places = renumbered(self._kept[self._row][pairs], self._texts)
        return estimate(self._kept.rows(self._signatures, rows), places.astype(np.int64))
