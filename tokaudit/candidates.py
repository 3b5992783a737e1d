"""Which texts may be near-duplicates: those that share a band key, at least one of the two not compared before."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from tokaudit.engines.local import ordered_map
from tokaudit.fingerprints import _buckets
from tokaudit.fingerprints._buffers import fixed
from tokaudit.fingerprints.minhash import BANDS
from tokaudit.fragments import Fragments
from tokaudit.records import Int64, UInt32, UInt64

PAIRS_AT_ONCE: Final = 2_000_000
"""Their signatures are held at once: at most half a kilobyte a pair, in practice far less."""

CROWD: Final = 512
"""A bucket of more texts is crowded: its pairs, the square of that, are left to `crowds`."""

_THREADS: Final = 2
_COLUMN_BYTES: Final = 256_000_000
"""Band keys of all texts that are held at once: as many bands as fit."""
_ENTRIES: Final = 16_000_000
"""Band keys that are sorted at once, 16 bytes each, in each thread."""
_MOST_BITS: Final = 1 << 28


def shared(fragments: Fragments, new: int) -> Int64:
    """Numbers of the texts, in order, that share a band key with another, one of the two among the first `new`.

    Memory grows with the texts by 17 bytes each, and not with their bands.
    """
    found = np.zeros(len(fragments), bool)
    at_once = max(1, min(BANDS, _COLUMN_BYTES // max(1, 4 * len(fragments))))
    for begin in range(0, BANDS, at_once):
        columns = fragments.bands(begin, min(begin + at_once, BANDS))
        with ordered_map(lambda values: _shared_entries(values, new), columns, _THREADS, _THREADS) as entries:
            for some in entries:
                found[some & np.uint64(0xFFFFFFFF)] = True
    return np.flatnonzero(found)


def candidates(bands: UInt32, new: int, crowded: list[Int64]) -> Iterator[UInt32]:
    """Pairs of texts that share a band key, the first of the two new: (m, 2), each once, some at a time.

    Args:
        bands: band keys, shape (texts, bands), of distinct texts.
        new: how many texts, those at the beginning, have not been compared yet; pairs of others are known already.
        crowded: filled with the texts of each crowded bucket, in order, whose pairs are left out.
    """
    pairs = np.empty((PAIRS_AT_ONCE, 2), np.uint32)
    bands = fixed(bands)
    for band in range(bands.shape[1]):
        entries = fixed(_without_crowds(_shared_entries(bands[:, band], new), crowded))
        first, second = np.int64(0), np.int64(1)
        while first < len(entries):
            filled, first, second = _buckets.next_pairs(
                entries, first, second, np.int64(new), bands, np.int64(band), pairs
            )
            if filled:
                yield pairs[:filled]


def _without_crowds(entries: UInt64, crowded: list[Int64]) -> UInt64:
    """The sorted entries without those of crowded buckets, whose texts are added to `crowded`."""
    keys = entries >> np.uint64(32)
    edges = np.r_[0, np.flatnonzero(keys[1:] != keys[:-1]) + 1, len(keys)]
    sizes = np.diff(edges)
    texts = (entries & np.uint64(0xFFFFFFFF)).astype(np.int64)
    crowded += [texts[edges[bucket] : edges[bucket + 1]] for bucket in np.flatnonzero(sizes > CROWD)]
    rest: UInt64 = entries[np.repeat(sizes <= CROWD, sizes)]
    return rest


def _shared_entries(values: UInt32, new: int) -> UInt64:
    """Entries, sorted by key, of the buckets of a band that hold at least two texts, one of them new."""
    values = fixed(values)
    partitions = 1 << max(0, int(np.ceil(np.log2(max(1, len(values)) / _ENTRIES))))
    shift = np.uint64(32 - (partitions - 1).bit_length())
    bits = min(_MOST_BITS, max(1 << 12, 1 << (16 * new).bit_length())) if new < len(values) else 64
    kept = []
    for prefix in range(partitions):
        entries = np.empty(len(values), np.uint64)
        seen = np.zeros(bits // 64, np.uint64)
        filled = _buckets.entries_of(values, np.int64(new), shift, np.uint64(prefix), seen, entries)
        _buckets.sort_by_key(entries[:filled], np.empty(filled, np.uint64))
        kept.append(entries[: _buckets.keep_shared(entries[:filled], np.int64(new))].copy())
    return np.concatenate(kept)
