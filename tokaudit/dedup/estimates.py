"""Estimated similarities of pairs of texts, from their signatures."""

from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from tokaudit.catalog.signatures import Fragments
from tokaudit.core.types import Float64, Int64, UInt16, UInt32
from tokaudit.dedup.renumber import renumbered
from tokaudit.dedup.spilled import Spilled
from tokaudit.measure.fingerprints.minhash import BINS, estimate

_READ_AT_ONCE: Final = 200_000
"""Texts whose signatures are copied or read back at once: 51 MB."""


class Estimates:
    """Estimated similarities for pairs of given texts.

    Most texts in the fragments have no pair. So the signatures of the given texts are read once, in file order, and
    kept together in a temporary file. Used as a context manager.

    Args:
        catalog: the DuckDB file.
        fragments: the fragments that contain the texts.
        numbers: numbers of the texts in the fragments.
    """

    def __init__(self, catalog: Path, fragments: Fragments, numbers: Int64) -> None:
        order = np.argsort(numbers)
        self._row = np.empty(len(numbers), np.uint32)
        self._row[order] = np.arange(len(numbers), dtype=np.uint32)
        self._signatures = Spilled(catalog)
        for begin in range(0, len(numbers), _READ_AT_ONCE):
            self._signatures.append(fragments.signatures_of(numbers[order[begin : begin + _READ_AT_ONCE]]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._signatures.close()

    def of(self, pairs: UInt32) -> Float64:
        """Estimates for pairs (m, 2) of positions in `numbers`. The signatures of all their texts are in memory."""
        rows, places = renumbered(self._row[pairs], len(self._row))
        return estimate(self._read(rows), places.astype(np.int64))

    def _read(self, rows: Int64) -> UInt16:
        """The signatures in the given rows, which are in order."""
        found = np.empty((len(rows), BINS), np.uint16)
        edges = np.searchsorted(rows, _READ_AT_ONCE * np.arange(len(self._signatures) + 1)).tolist()
        for part, (begin, end) in enumerate(pairwise(edges)):
            if begin < end:
                found[begin:end] = self._signatures[part][rows[begin:end] - part * _READ_AT_ONCE]
        return found
