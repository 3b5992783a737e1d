"""Pairs of texts that share a band key, found by looking at every pair."""

import itertools

from tokaudit.core.types import UInt32


def pairs_sharing_a_band(bands: UInt32, new: int) -> list[tuple[int, int]]:
    """All pairs of texts with a shared band key, one of them among the first `new`. `bands` is (n, bands)."""
    pairs = itertools.combinations(range(len(bands)), 2)
    return [(a, b) for a, b in pairs if a < new and (bands[a] == bands[b]).any()]
