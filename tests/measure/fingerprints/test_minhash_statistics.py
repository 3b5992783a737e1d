"""Estimates and shared bands agree with theory, for short and long texts (`pytest -n 0 -s` prints the table)."""

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from tokaudit.core.types import UInt16
from tokaudit.measure.fingerprints.minhash import BANDS, BINS, band_keys, estimate, signatures
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

WORD = 9  # bytes: eight hexadecimal digits and a blank
ROWS = BINS // BANDS


def texts_of(words: npt.NDArray[np.uint8]) -> pa.LargeStringArray:
    """Texts from an array of shape (texts, words, WORD)."""
    offsets = np.arange(len(words) + 1) * (words.shape[1] * WORD)
    data = pa.py_buffer(np.ascontiguousarray(words))
    return pa.LargeStringArray.from_buffers(len(words), pa.py_buffer(offsets), data)


def pairs_of_texts(union: int, common: int, count: int) -> tuple[pa.LargeStringArray, pa.LargeStringArray]:
    """Pairs of texts with the given sizes of union and intersection: starts and ends of random texts."""
    chance = np.random.default_rng([union, common])
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    words = np.full((count, union + 4, WORD), ord(" "), np.uint8)  # five words are a shingle
    words[:, :, :-1] = digits[chance.integers(0, 16, (count, union + 4, WORD - 1), np.uint8)]
    first = (union + common + 1) // 2
    return texts_of(words[:, : first + 4]), texts_of(words[:, first - common :])


def signed(text: pa.LargeStringArray) -> UInt16:
    """Signatures of the texts."""
    return signatures(text)[0]


@pytest.mark.slow
@pytest.mark.parametrize("similarity", [0.3, 0.5, 0.6, 0.7, 0.8, 0.9])
@pytest.mark.parametrize("union", [10, 60, 300, 1_000, 5_000])
def test_estimates_are_unbiased_and_bands_find_what_theory_says(union: int, similarity: float) -> None:
    count = min(4_000, 2_000_000 // union)
    common = round(similarity * union)
    left, right = pairs_of_texts(union, common, count)
    one, other = signed(left), signed(right)
    exact = common / union
    both = pa.concat_arrays([left[:10], right[:10]])
    assert jaccard(*shingle_sets(both), np.arange(20).reshape(2, 10).T).tolist() == [exact] * 10

    pairs = np.arange(2 * count).reshape(2, count).T
    error = estimate(np.concatenate([one, other]), pairs) - exact
    shared = (band_keys(one) == band_keys(other)).any(axis=1).mean()

    deviation = math.sqrt(exact * (1 - exact) / BINS)
    in_theory = 1 - (1 - exact**ROWS) ** BANDS
    chance = math.sqrt(in_theory * (1 - in_theory) / count)
    print(
        f"{union:6,} shingles, similarity {exact:.3f}: bias {error.mean():+.4f}, standard deviation {error.std():.4f}"
        f" (theory {deviation:.4f}), pairs that share a band {shared:.3f} (theory {in_theory:.3f})"
    )
    assert abs(error.mean()) < 4 * deviation / math.sqrt(count) + 2**-16
    assert error.std() < deviation * (1 + 4 / math.sqrt(2 * count))
    assert abs(shared - in_theory) < 4 * chance + 0.02  # values are not quite independent
