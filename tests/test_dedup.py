"""Candidates, against a slow twin."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit import dedup
from tokaudit.dedup import candidates, distinct_pairs
from tokaudit.records import Int64, UInt64

PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=12)


def as_pairs(pairs: list[tuple[int, int]]) -> Int64:
    """Pairs as an array of shape (m, 2)."""
    return np.array(pairs, np.int64).reshape(-1, 2)


@given(st.lists(st.tuples(st.lists(st.integers(0, 4), min_size=3, max_size=3), st.booleans()), max_size=25))
def test_candidates_are_all_pairs_with_a_shared_band_and_a_new_text(texts: list[tuple[list[int], bool]]) -> None:
    # A band key holds its band's index, so equal keys mean the same band.
    bands: UInt64 = (
        np.array([[3 * key + band for band, key in enumerate(keys)] for keys, _ in texts])
        .reshape(-1, 3)
        .astype(np.uint64)
    )
    new = np.array([fresh for _, fresh in texts], bool)
    expected = [
        pair
        for pair in itertools.combinations(range(len(texts)), 2)
        if (bands[pair[0]] == bands[pair[1]]).any() and new[list(pair)].any()
    ]

    assert [tuple(pair) for pair in candidates(bands, new).tolist()] == expected


def test_candidates_do_not_depend_on_the_size_of_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    bands = (np.random.default_rng(1).integers(0, 40, (200, 4)) * 4 + np.arange(4)).astype(np.uint64)
    new = np.ones(200, bool)
    whole = candidates(bands, new)
    monkeypatch.setattr(dedup, "_PARTITION_ENTRIES", 100)
    monkeypatch.setattr(dedup, "_PAIRS_AT_ONCE", 7)

    assert len(whole) > 100
    assert candidates(bands, new).tolist() == whole.tolist()


@given(PAIRS)
def test_distinct_pairs_are_a_sorted_set(pairs: list[tuple[int, int]]) -> None:
    assert [tuple(pair) for pair in distinct_pairs(as_pairs(pairs)).tolist()] == sorted(set(pairs))
