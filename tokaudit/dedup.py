"""From band keys to pairs of texts that may be near-duplicates. Pure functions on arrays; no file, no database."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.records import Int64, UInt64

BORDERLINE: Final = (0.65, 0.95)
"""Estimates in this range are verified by reading the texts again; outside, 128 permutations decide."""

_PARTITION_ENTRIES: Final = 16_000_000
_PAIRS_AT_ONCE: Final = 4_000_000


def candidates(bands: UInt64, new: npt.NDArray[np.bool_]) -> Int64:
    """Pairs of texts that share a band key, at least one of the two new: (m, 2), first < second, sorted, distinct.

    Args:
        bands: band keys, shape (texts, bands), of distinct texts.
        new: which texts have not been compared yet; pairs of two old texts are known already.

    Memory grows with the entries of one partition of the band keys, not with all of them.
    """
    partitions = max(1, int(np.ceil(bands.size / _PARTITION_ENTRIES)))
    wanted = np.unique(bands[new])
    found = [np.empty((0, 2), np.int64)]
    for partition in range(partitions):
        here = wanted[wanted % np.uint64(partitions) == partition]
        for column in range(bands.shape[1]):
            keys = bands[:, column]
            place = np.searchsorted(here, keys)
            texts = np.flatnonzero(here.take(place, mode="clip") == keys) if len(here) else place[:0]
            found.extend(_pairs_in_buckets(keys[texts], texts, new))
    return distinct_pairs(np.concatenate(found))


def distinct_pairs(pairs: Int64) -> Int64:
    """Pairs (m, 2) sorted, each once."""
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    first = np.ones(len(ordered), bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return ordered[first]


def _pairs_in_buckets(keys: UInt64, texts: Int64, new: npt.NDArray[np.bool_]) -> Iterator[Int64]:
    """All pairs of texts with equal keys, some at a time, at least one of the two new."""
    order = np.lexsort((texts, keys))
    keys, texts = keys[order], texts[order]
    last = np.searchsorted(keys, keys, "right")
    partners = last - np.arange(len(keys)) - 1  # later members of the same bucket
    edges = np.r_[0, np.cumsum(partners)]
    begin = 0
    while begin < len(keys):
        end = max(begin + 1, int(np.searchsorted(edges, edges[begin] + _PAIRS_AT_ONCE, "right")) - 1)
        first = np.repeat(np.arange(begin, end), partners[begin:end])
        second = first + 1 + np.arange(len(first)) - np.repeat(edges[begin:end] - edges[begin], partners[begin:end])
        pairs = np.column_stack([texts[first], texts[second]])
        yield pairs[new[pairs].any(axis=1)]
        begin = end
