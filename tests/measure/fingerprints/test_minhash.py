"""Signatures never change and follow their definition; band keys depend on the values and the band."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made.samples import arrow

from tokaudit.measure.fingerprints.minhash import BANDS, BINS, FACTORS, TERMS, band_keys, estimate, signatures

# Catalogs store such values. If these must change, every signature in every catalog becomes invalid.
GOLDEN_FIRST = [36358, 62917, 13225, 14067]
GOLDEN_ALL = 33909
GOLDEN_BANDS = [381447177, 597334798]
ROWS = 8


def plain_signature(hashes: list[int]) -> list[int]:
    """A signature from the definition."""
    found = []
    for place, (factor, term) in enumerate(zip(FACTORS.tolist(), TERMS.tolist(), strict=True)):
        inside = [value >> 25 & 0xFFFFFFFF for value in hashes if value >> 57 == place]
        halves = [value >> 32 * (place % 2) & 0xFFFFFFFF for value in hashes]
        least = min(inside or [(factor * half + term) % 2**32 for half in halves])
        found.append((least ^ least >> 16) & 0xFFFF)
    return found


def test_permutations_are_valid_and_all_different() -> None:
    assert (FACTORS % 2 == 1).all()
    assert len(set(FACTORS.tolist())) == len(set(TERMS.tolist())) == BINS


def test_signatures_and_bands_never_change() -> None:
    found, _ = signatures(arrow(["The quick brown fox jumps over the lazy dog. Быстрая ЛИСА, 東京都の人口."]))
    assert found[0, :4].tolist() == GOLDEN_FIRST
    assert int(np.bitwise_xor.reduce(found[0])) == GOLDEN_ALL
    assert band_keys(found)[0, [0, 15]].tolist() == GOLDEN_BANDS


def test_a_signature_has_the_lowest_rank_of_each_bin(
    shingles_of: Callable[[str], set[tuple[str, ...]]], hash_of: Callable[[tuple[str, ...]], int]
) -> None:
    texts = [" ".join(map(str, range(words))) for words in (1, 5, 30, 132, 600, 2052, 2053, 9000)]
    texts += ["a b c d e f g h " * 2000, "字" * 5000]  # long, with few shingles: most bins are empty
    plain = [plain_signature([hash_of(shingle) for shingle in shingles_of(text)]) for text in texts]
    assert signatures(arrow(texts))[0].tolist() == plain


@settings(deadline=None)
@given(words=st.lists(st.sampled_from("a b c d é 語 long_word".split()), min_size=1, max_size=40))
def test_signatures_of_any_words_follow_the_definition(
    words: list[str], shingles_of: Callable[[str], set[tuple[str, ...]]], hash_of: Callable[[tuple[str, ...]], int]
) -> None:
    text = " ".join(words)
    plain = plain_signature([hash_of(shingle) for shingle in shingles_of(text)])
    assert signatures(arrow([text]))[0].tolist() == [plain]


def test_word_counts_follow_the_definition(scripts: tuple[str, ...], words_of: Callable[[str], list[str]]) -> None:
    texts = [*scripts, "word " * 1000, "字" * 1000, " ".join(scripts)]
    assert signatures(arrow(texts))[1].tolist() == [len(words_of(text)) for text in texts]


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8), st.data())
def test_signatures_are_the_same_alone_in_batches_and_slices(texts: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(texts) - 1))
    alone = [signatures(arrow([text])) for text in texts]
    batch, words = signatures(arrow(texts))
    assert np.array_equal(batch, np.concatenate([found for found, _ in alone]))
    assert words.tolist() == [int(count[0]) for _, count in alone]
    part, part_words = signatures(arrow(texts)[start:])
    assert np.array_equal(part, batch[start:])
    assert np.array_equal(part_words, words[start:])


def test_many_threads_give_the_same_signatures() -> None:
    batches = [arrow([f"{i} {j} some words of a text" * 20 for j in range(50)]) for i in range(8)]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda batch: signatures(batch)[0], batches))
    for batch, found in zip(batches, at_once, strict=True):
        assert np.array_equal(found, signatures(batch)[0])


def test_different_texts_of_one_shingle_share_no_band() -> None:
    found, _ = signatures(arrow([f"document {number} of many" for number in range(200_000)]))
    rows = found.view(np.uint64).reshape(len(found), -1)
    for band in range(0, rows.shape[1], 2):
        assert len(np.unique(rows[:, band] ^ rows[:, band + 1] << np.uint64(1))) == len(found)


def test_texts_without_words_have_no_words_counted() -> None:
    found, words = signatures(arrow(["", " .,;🦊\n", "_"]))
    assert words.tolist() == [0, 0, 1]
    assert found.shape == (3, BINS)


def test_no_texts_give_empty_arrays() -> None:
    found, words = signatures(arrow([]))
    assert found.shape == (0, 128)
    assert found.dtype == np.uint16
    assert words.shape == (0,)
    assert words.dtype == np.int64
    assert band_keys(found).shape == (0, BANDS)
    assert estimate(found, np.empty((0, 2), np.int64)).shape == (0,)


@settings(deadline=None)
@given(st.integers(0, BINS - 1), st.integers(1, 2**16 - 1))
def test_another_value_changes_only_the_key_of_its_band(place: int, change: int) -> None:
    one = np.arange(BINS, dtype=np.uint16)[None, :]
    other = one.copy()
    other[0, place] ^= np.uint16(change)
    changed = np.flatnonzero((band_keys(one) != band_keys(other))[0])
    assert changed.tolist() == [place // ROWS]


def test_equal_values_in_different_bands_have_different_keys() -> None:
    assert len(set(band_keys(np.full((1, BINS), 7, np.uint16))[0].tolist())) == BANDS


def test_the_order_of_values_in_a_band_matters() -> None:
    one = np.arange(BINS, dtype=np.uint16)[None, :]
    turned = one.reshape(BANDS, ROWS)[:, ::-1].reshape(1, BINS)
    assert (band_keys(one) != band_keys(turned)).all()
