"""Sets of 128-bit text keys as uint64 arrays of shape (n, 2): high half, low half."""

from collections.abc import Iterator

import numpy as np

from tokaudit.core.types import Int64, UInt64


def unique(keys: UInt64) -> tuple[UInt64, Int64]:
    """The distinct keys in order, and the position of the first occurrence of each."""
    order = np.argsort(keys[:, 0], kind="stable")
    ordered = keys[order]
    same_half = ordered[1:, 0] == ordered[:-1, 0]
    if (ordered[1:, 1] != ordered[:-1, 1])[same_half].any():  # so rare that the low halves are sorted only then
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        ordered = keys[order]
        same_half = ordered[1:, 0] == ordered[:-1, 0]
    first = np.ones(len(keys), bool)
    first[1:] = ~same_half | (ordered[1:, 1] != ordered[:-1, 1])
    return ordered[first], order[first]


def positions(distinct: UInt64, keys: UInt64) -> Int64:
    """The position of each key in `distinct` (ordered as by `unique`); -1 if it is not there."""
    found = np.full(len(keys), -1, np.int64)
    place = np.searchsorted(distinct[:, 0], keys[:, 0])
    pending = np.arange(len(keys))
    while len(pending):  # repeats only if two keys share their high half
        pending = pending[place[pending] < len(distinct)]
        pending = pending[distinct[place[pending], 0] == keys[pending, 0]]
        same = distinct[place[pending], 1] == keys[pending, 1]
        found[pending[same]] = place[pending[same]]
        pending = pending[~same]
        place[pending] += 1
    return found


def ranges_of_keys(count: int, at_once: int) -> Iterator[tuple[int, int]]:
    """Ranges (first, last) of the high half of keys; each has about `at_once` of that many keys."""
    ranges = -(-count // at_once)
    for number in range(ranges):
        yield (number << 64) // ranges, (number + 1 << 64) // ranges - 1
