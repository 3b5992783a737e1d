"""Keeps the shingles of texts that resemble an earlier text, while they are in memory, so that fewer are re-read."""

import threading
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.kernels.face import count_met
from tokaudit.core.types import UInt32, UInt64
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.measure.fingerprints.minhash import BANDS

_BITS: Final = 1 << 28
"""Size of the set of band keys: 32 MiB."""
_TEXTS: Final = 1_000_000
"""Texts whose keys the set may contain. It is then emptied, because too many texts would seem to be in it."""
_LEAST: Final = 2
_MOST: Final = BANDS - 3
"""Band keys that a text shares with earlier ones: 2.7 of 16 at a similarity of 0.8. More than this is an exact copy."""
_STORED_BYTES: Final = 4_000_000_000
"""Limit of the shingles that are kept on disk. Texts without stored shingles are re-read."""


class LikesMet:
    """Remembers the texts that an ingest's workers have met. It decides only what is read twice, never a count.

    Args:
        sets: receives the shingles.
    """

    def __init__(self, sets: StoredSets) -> None:
        self._sets = sets
        self._meeting = threading.Lock()
        self._met = np.zeros(_BITS // 64, np.uint64)
        self._texts = 0

    def meet(self, text: pa.LargeStringArray, keys: UInt64, bands: UInt32) -> None:
        """Remember texts, and keep the shingles of those that may be near-duplicates of earlier ones.

        Args:
            text: texts that have words.
            keys: keys of the texts, (n, 2).
            bands: band keys of the texts, (n, 16).
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
