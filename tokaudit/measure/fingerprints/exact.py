"""Exact duplicates: a 128-bit hash of each text."""

import numpy as np
import pyarrow as pa

from tokaudit.core.kernels.face import murmur
from tokaudit.core.types import UInt64
from tokaudit.measure.fingerprints.buffers import text_buffers


def text_keys(text: pa.LargeStringArray) -> UInt64:
    """128-bit keys of the texts, shape (n, 2): equal for equal texts; for others only with negligible probability.

    MurmurHash3 x64 128 with seed 0 of the UTF-8 bytes, with its halves in printed order. It is not a cryptographic
    hash: two texts with the same key can be made on purpose.

    Args:
        text: no nulls; may be empty or a slice.
    """
    keys = np.empty((len(text), 2), np.uint64)
    murmur(*text_buffers(text), keys)
    return keys
