"""Pairs of texts that share a band key, against a slow twin, in one piece and in many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.plain_pairs import pairs_sharing_a_band

from tokaudit.core.types import UInt32
from tokaudit.dedup.candidates import KeyRange, buckets, candidates, key_ranges
from tokaudit.measure.fingerprints.minhash import BANDS

BAND_KEYS = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), max_size=25)


def as_bands(texts: list[list[int]]) -> UInt32:
    """Band keys, far apart so that prefixes matter."""
    return (np.array(texts, np.uint64).reshape(-1, 3) * np.uint64(0x2FFFFFF1)).astype(np.uint32)


def found(bands: UInt32, new: int) -> list[tuple[int, int]]:
    """The pairs from the buckets of all bands, in order; a pair that came twice is in it twice."""
    columns = list(bands.T)
    pairs = []
    for band, column in enumerate(columns):
        for keys in key_ranges(len(column)):
            entries, _ = buckets(column, keys, new)
            for part in candidates(entries, columns.__getitem__, band, len(column), new):
                pairs += [tuple(pair) for pair in part.tolist()]
    return sorted(pairs)


@given(BAND_KEYS, st.integers(0, 25))
def test_candidates_are_all_pairs_that_share_a_band_each_once(texts: list[list[int]], new: int) -> None:
    bands = as_bands(texts)

    assert found(bands, min(new, len(texts))) == pairs_sharing_a_band(bands, min(new, len(texts)))


def test_candidates_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    bands = as_bands(np.random.default_rng(1).integers(0, 5, (200, 3)).tolist())
    whole = found(bands, 150)
    monkeypatch.setattr("tokaudit.dedup.candidates.PAIRS_AT_ONCE", 7)
    monkeypatch.setattr("tokaudit.dedup.candidates._ENTRIES", 10)

    assert len(whole) > 1000
    assert found(bands, 150) == whole


def test_no_texts_give_no_candidates() -> None:
    assert found(np.empty((0, BANDS), np.uint32), 0) == []


@given(st.lists(st.integers(0, 2**32 - 1), max_size=20), st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_each_key_is_in_one_range(keys: list[int], bits: int, first: int) -> None:
    column = np.array(keys, np.uint32)
    ranges = [KeyRange(bits, prefix) for prefix in range(1 << bits)]
    every = KeyRange(0, 0).entries_of(column, first)
    parts = [each.entries_of(column, first) for each in ranges]

    assert every.tolist() == [(key << 32) + first + text for text, key in enumerate(keys)]
    assert sorted(np.concatenate(parts).tolist()) == sorted(every.tolist())
    assert [each.entries_in(every).tolist() for each in ranges] == [part.tolist() for part in parts]
    assert [
        int(part.max()) < (each.prefix + 1) << (64 - bits)
        for each, part in zip(ranges, parts, strict=True)
        if len(part)
    ] == [True] * sum(len(part) > 0 for part in parts)


def test_a_large_bucket_is_left_out_and_given_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.candidates.LARGE_BUCKET", 3)
    column = np.array([7, 9, 7, 5, 9, 7, 7, 5, 5], np.uint32)
    entries, large = buckets(column, KeyRange(0, 0), 3)

    assert [bucket.tolist() for bucket in large] == [[0, 2, 5, 6]]
    assert entries.tolist() == [(9 << 32) + 1, (9 << 32) + 4]
