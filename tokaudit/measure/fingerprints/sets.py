"""Compiled code over sets of hashes; callers see it through `shingles`. Calls no other kernel (see `kernels`)."""

import numpy as np

from tokaudit.core.types import Float64, Int64, UInt64
from tokaudit.measure.fingerprints.compiled import kernel


@kernel
def sort_distinct(starts: Int64, values: UInt64, offsets: Int64) -> None:
    """Sorts each document's part of ``values``, moves the distinct ones together; ``offsets`` say where."""
    to = 0
    offsets[0] = 0
    for document in range(starts.size - 1):
        start, end = starts[document], starts[document + 1]
        values[start:end].sort()
        for i in range(start, end):
            if i == start or values[i] != values[to - 1]:
                values[to] = values[i]
                to += 1
        offsets[document + 1] = to


@kernel
def jaccard(offsets: Int64, values: UInt64, pairs: Int64, similarity: Float64) -> None:
    """Fills ``similarity`` with the Jaccard similarity of each pair of sorted sets; 0 for two empty ones."""
    for pair in range(pairs.shape[0]):
        a, a_end = offsets[pairs[pair, 0]], offsets[pairs[pair, 0] + 1]
        b, b_end = offsets[pairs[pair, 1]], offsets[pairs[pair, 1] + 1]
        total, common = a_end - a + b_end - b, np.int64(0)
        while a < a_end and b < b_end:
            left, right = values[np.uintp(a)], values[np.uintp(b)]
            # No branch: which of two hashes is less can't be foreseen.
            common += np.int64(left == right)
            a += np.int64(left <= right)
            b += np.int64(right <= left)
        similarity[pair] = common / (total - common) if total else 0.0
