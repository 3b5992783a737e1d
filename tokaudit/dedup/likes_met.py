"""Keeps the shingles of a text, while it is in memory, whose like was met before: then only that is read again."""

import threading
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.types import UInt32, UInt64
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.measure.fingerprints.minhash import BANDS
from tokaudit.measure.kernels.face import count_met

_BITS: Final = 1 << 28
"""Of the set of band keys: 32 MiB."""
_TEXTS: Final = 1_000_000
"""Texts whose keys are in the set; then it begins anew, as too many texts would seem to have been met."""
_LEAST: Final = 2
_MOST: Final = BANDS - 3
"""Band keys that a text shares with others met: at a similarity of 0.8 2.7 of 16. Nearly all is an exact copy."""
_STORED_BYTES: Final = 4_000_000_000
"""Of shingles that are kept, on disk; who has none is read again."""


class LikesMet:
    """What the workers of an ingest have met so far. It decides only what is read twice, and no number.

    Args:
        sets: takes the shingles.
    """

    def __init__(self, sets: StoredSets) -> None:
        self._sets = sets
        self._meeting = threading.Lock()
        self._met = np.zeros(_BITS // 64, np.uint64)
        self._texts = 0

    def meet(self, text: pa.LargeStringArray, keys: UInt64, bands: UInt32) -> None:
        """Note texts, and keep the shingles of those that may be near-duplicates of others noted before.

        Args:
            text: those that have words.
            keys: theirs, (n, 2).
            bands: keys of the bands of theirs, (n, 16).
        """
        counts = np.empty(len(text), np.uint8)
        with self._meeting:
            if self._texts > _TEXTS:
                self._met[:] = 0
                self._texts = 0
            count_met(bands, self._met, counts)
            self._texts += len(text)
        likes = np.flatnonzero((counts >= _LEAST) & (counts <= _MOST))
        if len(likes) and self._sets.bytes < _STORED_BYTES:
            self._sets.add_texts(keys[likes], text.take(to_arrow(likes)))
