"""Signatures are the same for ever, estimate similarity without bias, and bands find what is similar."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.samples import arrow

from tokaudit.core.types import Float64, UInt32
from tokaudit.measure.fingerprints.minhash import BANDS, FACTORS, PERMUTATIONS, TERMS, band_keys, estimate, signatures
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

# Catalogs keep what these were made from: if they must change, every fingerprint in every catalog is void.
GOLDEN_FIRST = [41147175, 224342609, 584785241, 168322124]
GOLDEN_ALL = 1382591434
GOLDEN_BANDS = [4240985826989136287, 2168638730440617142]
ROWS = 8


def similar_pairs(similarity: float, words: int, count: int) -> tuple[UInt32, UInt32, Float64]:
    """Signatures of ``count`` pairs of random texts of about the similarity, and their exact similarity."""
    chance = random.Random(words)
    kept = round(words * 2 * similarity / (1 + similarity))
    left = [[f"w{chance.getrandbits(40)}" for _ in range(words)] for _ in range(count)]
    right = [text[:kept] + [f"w{chance.getrandbits(40)}" for _ in range(words - kept)] for text in left]
    text = arrow([" ".join(words) for words in left + right])
    found, _ = signatures(text)
    pairs = np.stack([np.arange(count), np.arange(count) + count], axis=1)
    return found[:count], found[count:], jaccard(*shingle_sets(text), pairs)


def test_permutations_are_permutations_and_all_different() -> None:
    assert (FACTORS % 2 == 1).all()
    assert len(set(FACTORS.tolist())) == len(set(TERMS.tolist())) == PERMUTATIONS


def test_signatures_and_bands_never_change() -> None:
    found, _ = signatures(arrow(["The quick brown fox jumps over the lazy dog. Быстрая ЛИСА, 東京都の人口."]))
    assert found[0, :4].tolist() == GOLDEN_FIRST
    assert int(np.bitwise_xor.reduce(found[0])) == GOLDEN_ALL
    assert band_keys(found)[0, [0, 15]].tolist() == GOLDEN_BANDS


def test_a_signature_is_the_least_of_each_permutation(
    shingles_of: Callable[[str], set[tuple[str, ...]]], hash_of: Callable[[tuple[str, ...]], int]
) -> None:
    text = " ".join(map(str, range(600)))
    hashes = np.array([hash_of(shingle) >> 32 for shingle in shingles_of(text)], np.uint64)
    permuted = np.multiply.outer(FACTORS.astype(np.uint64), hashes) + TERMS.astype(np.uint64)[:, None]
    assert signatures(arrow([text]))[0][0].tolist() == (permuted % 2**32).min(axis=1).tolist()


def test_words_are_those_of_the_definition(scripts: tuple[str, ...], words_of: Callable[[str], list[str]]) -> None:
    texts = [*scripts, "word " * 1000, "字" * 1000, " ".join(scripts)]
    assert signatures(arrow(texts))[1].tolist() == [len(words_of(text)) for text in texts]


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8), st.data())
def test_a_text_has_the_same_signature_alone_in_a_batch_and_in_a_slice(texts: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(texts) - 1))
    alone = [signatures(arrow([text])) for text in texts]
    batch, words = signatures(arrow(texts))
    assert np.array_equal(batch, np.concatenate([found for found, _ in alone]))
    assert words.tolist() == [int(count[0]) for _, count in alone]
    part, part_words = signatures(arrow(texts)[start:])
    assert np.array_equal(part, batch[start:])
    assert np.array_equal(part_words, words[start:])


def test_threads_at_once_find_what_one_finds() -> None:
    batches = [arrow([f"{i} {j} some words of a text" * 20 for j in range(50)]) for i in range(8)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda batch: signatures(batch)[0], batches))
    for batch, found in zip(batches, at_once, strict=True):
        assert np.array_equal(found, signatures(batch)[0])


def test_texts_without_words_have_none() -> None:
    found, words = signatures(arrow(["", " .,;🦊\n", "_"]))
    assert words.tolist() == [0, 0, 1]
    assert found.shape == (3, PERMUTATIONS)


def test_no_texts_are_no_error() -> None:
    found, words = signatures(arrow([]))
    assert found.shape == (0, 128)
    assert found.dtype == np.uint32
    assert words.shape == (0,)
    assert words.dtype == np.int64
    assert band_keys(found).shape == (0, BANDS)
    assert estimate(found.astype(np.uint16), np.empty((0, 2), np.int64)).shape == (0,)


@pytest.mark.slow
@pytest.mark.parametrize("similarity", [0.0, 0.3, 0.65, 0.8, 0.95, 1.0])
@pytest.mark.parametrize("words", [40, 600])
def test_the_estimate_has_no_bias_and_the_error_of_its_size(similarity: float, words: int) -> None:
    left, right, exact = similar_pairs(similarity, words, 400)
    pairs = np.arange(2 * len(left)).reshape(2, -1).T
    error = estimate(np.concatenate([left, right]).astype(np.uint16), pairs) - exact
    assert abs(error.mean()) < 0.01
    assert error.std() < 1.25 * np.sqrt((exact * (1 - exact)).mean() / PERMUTATIONS) + 1e-3  # chance, at 16 bits


@pytest.mark.slow
@pytest.mark.parametrize("similarity", [0.5, 0.8, 0.85, 0.95])
def test_bands_find_as_many_pairs_as_theory_says(similarity: float) -> None:
    left, right, exact = similar_pairs(similarity, 300, 600)
    found = (band_keys(left) == band_keys(right)).any(axis=1).mean()
    assert found == pytest.approx((1 - (1 - exact**ROWS) ** BANDS).mean(), abs=0.045)


@settings(deadline=None)  # the first call compiles
@given(st.integers(0, PERMUTATIONS - 1), st.integers(1, 2**32 - 1))
def test_one_other_value_changes_the_key_of_its_band_only(place: int, change: int) -> None:
    one = np.arange(PERMUTATIONS, dtype=np.uint32)[None, :]
    other = one.copy()
    other[0, place] ^= np.uint32(change)
    changed = np.flatnonzero((band_keys(one) != band_keys(other))[0])
    assert changed.tolist() == [place // ROWS]


def test_equal_values_in_different_bands_have_different_keys() -> None:
    assert len(set(band_keys(np.full((1, PERMUTATIONS), 7, np.uint32))[0].tolist())) == BANDS


def test_the_order_of_values_in_a_band_counts() -> None:
    one = np.arange(PERMUTATIONS, dtype=np.uint32)[None, :]
    turned = one.reshape(BANDS, ROWS)[:, ::-1].reshape(1, PERMUTATIONS)
    assert (band_keys(one) != band_keys(turned)).all()
