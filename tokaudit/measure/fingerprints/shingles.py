"""Sets of 5-word shingles, and their exact similarity.

A word is a maximal run of letters, marks, numbers and ``_`` (by Unicode 14.0), lower-cased code point by code
point; a Han, kana, Thai, Lao, Khmer or Burmese character is a word of its own. A shingle is five words in a
row; a text of fewer words is one shingle, a text without words has none. Words and shingles are known by
64-bit hashes.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.measure.fingerprints.alphabet import alphabet
from tokaudit.measure.fingerprints.buffers import text_buffers
from tokaudit.measure.kernels import face

_SLOTS: Final = 1 << 20
"""Of a hash table: 8 MiB. Half as many shingles are held at once; sets of more are gone through in parts."""


def shingle_sets(text: pa.LargeStringArray) -> tuple[Int64, UInt64]:
    """Offsets, n + 1 of them, and values: document i has the shingles ``values[offsets[i]:offsets[i + 1]]``.

    They are distinct, in the order of their first places in the text. Takes 8 bytes of memory for each word.

    Args:
        text: no nulls; may be empty or a slice.
    """
    data, places = text_buffers(text)
    # A word takes two bytes at least, its separator being one; memory that nothing is written to is none.
    room = np.empty(int(places[-1] - places[0]) // 2 + len(text), np.uint64)
    offsets = np.zeros(len(text) + 1, np.int64)
    longest = int(np.diff(places).max(initial=0))
    filled = face.shingle_sets(data, places, alphabet(), _slots(longest // 2 + 1), offsets[1:], room)
    return offsets, room[:filled]


def jaccard(offsets: Int64, values: UInt64, pairs: Int64) -> Float64:
    """The Jaccard similarity of each pair of documents; 0 for two without shingles.

    Args:
        offsets: as ``shingle_sets`` returns them.
        values: likewise.
        pairs: indices of documents, shape (m, 2). Those of one first document, one after another, share work.

    Raises:
        IndexError: a pair names a document that is not in the sets.
    """
    similarity = np.empty(len(pairs), np.float64)
    face.jaccard(offsets, values, pairs, _slots(int(np.diff(offsets).max(initial=0))), similarity)
    return similarity


def _slots(size: int) -> UInt64:
    """Room for a hash table of so many shingles, or of as many as are held at once."""
    return np.empty(min(_SLOTS, max(16, 1 << (2 * size - 1).bit_length())), np.uint64)
