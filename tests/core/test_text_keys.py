"""Sets of 128-bit keys."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.text_keys import positions, ranges_of_keys, unique

KEYS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30)


def array(keys: list[tuple[int, int]]) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """Keys as an array of shape (n, 2)."""
    return np.array(keys, np.uint64).reshape(-1, 2)


@given(KEYS)
def test_unique_keys_are_sorted_and_point_to_their_first_occurrence(keys: list[tuple[int, int]]) -> None:
    distinct, first = unique(array(keys))

    assert [tuple(key) for key in distinct.tolist()] == sorted(set(keys))
    assert [keys[place] for place in first] == sorted(set(keys))
    assert all(keys.index(keys[place]) == place for place in first)


@given(KEYS, KEYS)
def test_positions_are_right_even_if_high_halves_collide(
    known: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    distinct, _ = unique(array(known))
    places = {key: place for place, key in enumerate(sorted(set(known)))}

    assert positions(distinct, array(asked)).tolist() == [places.get(key, -1) for key in asked]


@given(st.integers(0, 1_000), st.integers(1, 50))
def test_each_key_is_in_one_of_few_ranges(count: int, at_once: int) -> None:
    ranges = list(ranges_of_keys(count, at_once))
    edges = [edge for first, last in ranges for edge in (first, last + 1)]

    assert len(ranges) == -(-count // at_once)
    assert edges[:1] + edges[-1:] == ([0, 2**64] if count else [])
    assert edges[1:-1:2] == edges[2::2]
    assert all(first <= last for first, last in ranges)
