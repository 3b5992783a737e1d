"""Sets of 5-word shingles, and their exact similarity.

A word is a maximal run of letters, marks, numbers and ``_`` (by Unicode 14.0), lower-cased code point by code
point; a Han, kana, Thai, Lao, Khmer or Burmese character is a word of its own. A shingle is five words in a
row; a text of fewer words is one shingle, a text without words has none. Words and shingles are known by
64-bit hashes.
"""

import numpy as np
import pyarrow as pa

from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.measure.fingerprints import kernels, sets
from tokaudit.measure.fingerprints.alphabet import alphabet
from tokaudit.measure.fingerprints.buffers import fixed, text_buffers


def shingle_sets(text: pa.LargeStringArray) -> tuple[Int64, UInt64]:
    """Offsets, n + 1 of them, and values: document i has the shingles ``values[offsets[i]:offsets[i + 1]]``.

    They are sorted and distinct. Takes 8 bytes of memory for each word of the texts.

    Args:
        text: no nulls; may be empty or a slice.
    """
    data, places = text_buffers(text)
    starts = np.zeros(len(text) + 1, np.int64)
    kernels.count_shingles(data, places, alphabet(), starts[1:])
    np.cumsum(starts, out=starts)
    values = np.empty(starts[-1], np.uint64)
    kernels.fill_shingles(data, places, alphabet(), fixed(starts), values)
    offsets = np.empty_like(starts)
    sets.sort_distinct(fixed(starts), values, offsets)
    return offsets, values[: offsets[-1]]


def jaccard(offsets: Int64, values: UInt64, pairs: Int64) -> Float64:
    """The Jaccard similarity of each pair of documents; 0 for two without shingles.

    Args:
        offsets: as ``shingle_sets`` returns them.
        values: likewise.
        pairs: indices of documents, shape (m, 2).

    Raises:
        IndexError: a pair names a document that is not in the sets.
    """
    documents = len(offsets) - 1
    if pairs.size and not 0 <= pairs.min() <= pairs.max() < documents:
        raise IndexError(f"pairs name documents {pairs.min()} to {pairs.max()}, but there are {documents}")
    similarity = np.empty(len(pairs), np.float64)
    sets.jaccard(fixed(offsets), fixed(values), fixed(pairs), similarity)
    return similarity
