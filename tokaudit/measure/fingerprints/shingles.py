"""Sets of 5-word shingles, and their exact similarity.

A word is a maximal run of letters, marks, numbers and ``_`` (in Unicode 14.0), lower-cased code point by code point.
A Han, kana, Thai, Lao, Khmer or Burmese character is a word of its own. A shingle is five words in a row. A text of
fewer words is one shingle; a text without words has none. Words and shingles are represented by 64-bit hashes.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.kernels import face
from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.measure.fingerprints.alphabet import alphabet
from tokaudit.measure.fingerprints.buffers import text_buffers

_SLOTS: Final = 1 << 20
"""Slots of a hash table: 8 MiB. It contains half as many shingles at a time; larger sets are processed in parts."""


def shingle_sets(text: pa.LargeStringArray) -> tuple[Int64, UInt64]:
    """Offsets, shape (n + 1,), and values: text i has the shingles ``values[offsets[i]:offsets[i + 1]]``.

    The shingles of a text are distinct, in order of first occurrence. Takes 8 bytes of memory per word.

    Args:
        text: no nulls; may be empty or a slice.
    """
    data, places = text_buffers(text)
    # A word takes at least two bytes with its separator. Pages that are never written take no memory.
    room = np.empty(int(places[-1] - places[0]) // 2 + len(text), np.uint64)
    offsets = np.zeros(len(text) + 1, np.int64)
    longest = int(np.diff(places).max(initial=0))
    filled = face.shingle_sets(data, places, alphabet(), _slots(longest // 2 + 1), offsets[1:], room)
    return offsets, room[:filled]


def jaccard(offsets: Int64, values: UInt64, pairs: Int64) -> Float64:
    """The Jaccard similarity of each pair of texts; 0 if neither has shingles.

    Args:
        offsets: as ``shingle_sets`` returns them.
        values: as ``shingle_sets`` returns them.
        pairs: indexes of texts, shape (m, 2). It is fastest if pairs with the same first text follow each other.

    Raises:
        IndexError: a pair has an index outside the sets.
    """
    similarity = np.empty(len(pairs), np.float64)
    face.jaccard(offsets, values, pairs, _slots(int(np.diff(offsets).max(initial=0))), similarity)
    return similarity


def _slots(size: int) -> UInt64:
    """Memory for a hash table of `size` shingles, or of as many as one part of a larger set."""
    return np.empty(min(_SLOTS, max(16, 1 << (2 * size - 1).bit_length())), np.uint64)
