"""MinHash signatures over 5-word shingles, and the band keys that near-duplicates share.

Source: A. Broder, On the resemblance and containment of documents (1997). For words and shingles see ``shingles``.

A signature has one value for each of 128 bins. The upper 7 bits of a shingle's hash choose its own bin. Its rank there
is the 32 bits of the hash from the 25th on. In every other bin it ranks after all shingles whose own bin that is, by a
permutation of that bin: ``(factor * h + term) mod 2**32``, where h is one half of the hash (the lower for even bins).
The value of a bin is the lowest rank of the text's shingles.

The order of all shingles in a bin is fixed. So two texts have the same lowest shingle with a probability equal to their
Jaccard similarity, whatever their lengths. (One-permutation hashing: P. Li, A. Owen, C.-H. Zhang, 2012. Empty bins
filled by fresh hash functions: S. Dahlgaard, M. Knudsen, M. Thorup, Fast Similarity Sketching, FOCS 2017.)

Catalogs store these values, so the factors, terms, hashes and bands must never change.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.kernels.face import agreements, minhash
from tokaudit.core.kernels.face import band_keys as fill_band_keys
from tokaudit.core.types import Float64, Int64, UInt16, UInt32
from tokaudit.measure.fingerprints.alphabet import alphabet
from tokaudit.measure.fingerprints.buffers import text_buffers

BINS: Final = 128
BANDS: Final = 16
THRESHOLD: Final = 0.8

SEED: Final = int.from_bytes(b"tokaudit", "big")


def _permutations() -> tuple[UInt32, UInt32]:
    """Factors (odd, so that each gives a permutation) and terms: the halves of splitmix64's values from SEED."""
    mask = (1 << 64) - 1
    factors, terms = [], []
    for i in range(1, BINS + 1):
        z = (SEED + i * 0x9E3779B97F4A7C15) & mask
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        z ^= z >> 31
        factors.append(z >> 32 | 1)
        terms.append(z & 0xFFFFFFFF)
    return np.array(factors, np.uint32), np.array(terms, np.uint32)


FACTORS, TERMS = _permutations()


def signatures(text: pa.LargeStringArray) -> tuple[UInt16, Int64]:
    """MinHash signatures of the texts, shape (n, 128), and the number of words of each.

    A value is the exclusive or of the two halves of a 32-bit rank. Different ranks look equal once in 65,536 times,
    which moves an estimate by less than a thousandth of its standard error. The signature of a text without words is
    all zeros and has no meaning: such a text has no near-duplicates.

    Args:
        text: no nulls; may be empty or a slice.
    """
    found = np.zeros((len(text), BINS), np.uint16)
    words = np.empty(len(text), np.int64)
    minhash(*text_buffers(text), alphabet(), FACTORS, TERMS, found, words)
    return found, words


def band_keys(signatures: UInt16) -> UInt32:
    """Band keys of each signature, shape (n, 16); equal for equal values in the same band.

    Documents of similarity s share a key with probability 1 - (1 - s**8)**16: 0.95 at s = 0.8, 0.99 at 0.85.
    Leave out texts without words: all of them would share all keys.

    Args:
        signatures: shape (n, 128).
    """
    keys = np.empty((len(signatures), BANDS), np.uint32)
    fill_band_keys(signatures, keys)
    return keys


def estimate(signatures: UInt16, pairs: Int64) -> Float64:
    """The share of equal values of each pair of signatures: an estimate of the Jaccard similarity s.

    The standard error is ``sqrt(s * (1 - s) / 128)``: 0.035 at s = 0.8. Two small biases make it too high:

    * by (1 - s) / 2**16, because 16 bits of a value are compared;
    * by n / 2**40 for unrelated documents of n distinct shingles each, which collide in the 39 bits of bin and rank:
      0.001 for a billion shingles (about 6 GB of text).

    Args:
        signatures: shape (n, 128).
        pairs: row numbers in ``signatures``, shape (m, 2).
    """
    equal = np.empty(len(pairs), np.uint8)
    agreements(signatures, pairs, equal)
    return np.divide(equal, BINS)
