"""Candidate pairs: texts that share a band key, at least one of the two not compared before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tokaudit.core.kernels.face import entries_of, keep_shared, next_pairs, sort_by_key
from tokaudit.core.types import Int64, UInt32, UInt64
from tokaudit.dedup.renumber import renumbered

PAIRS_AT_ONCE: Final = 500_000
"""Pairs whose signatures are in memory at once: at most 512 bytes per pair, or 256 MB; usually far less."""

LARGE_BUCKET: Final = 512
"""A bucket of more texts is large. Its pairs, which grow with the square of that, are left to `large_buckets`."""

_ENTRIES: Final = 4_000_000
"""Band keys that are sorted at once, 16 bytes each. For candidates, add 64 bytes for all bands of each text."""

TEXT: Final = np.uint64(0xFFFFFFFF)
"""The lower half of an entry. An entry is a band key, and in this half the number of a text that has it."""

KEY: Final = np.uint64(32)
"""How far to shift an entry for its band key."""


@dataclass(frozen=True, slots=True)
class KeyRange:
    """A range of band keys: those that begin with the same bits.

    Attributes:
        bits: how many bits; 0 for all keys.
        prefix: the bits, as a number.
    """

    bits: int
    prefix: int

    def entries_of(self, column: UInt32, first: int = 0) -> UInt64:
        """Entries of the keys in this range; `column` has the keys of the texts from `first` on."""
        entries = np.empty(len(column), np.uint64)
        filled = entries_of(column, 32 - self.bits, self.prefix, entries)
        if filled < len(entries):
            entries = entries[:filled].copy()
        entries += np.uint64(first)
        return entries

    def entries_in(self, entries: UInt64) -> UInt64:
        """Those of the entries whose keys are in this range."""
        inside: UInt64 = entries[entries >> np.uint64(63 - self.bits) >> np.uint64(1) == self.prefix]
        return inside


def key_ranges(texts: int) -> list[KeyRange]:
    """Ranges of all band keys, in order. Each has about `_ENTRIES` keys of that many texts, unless many are equal."""
    bits = max(0, int(np.ceil(np.log2(max(1, texts) / _ENTRIES))))
    return [KeyRange(bits, prefix) for prefix in range(1 << bits)]


def shared_entries(entries: UInt64, new: int) -> UInt64:
    """The entries, sorted by key, of buckets with at least two texts, one of them among the first `new`.

    Args:
        entries: entries of texts in order of their numbers; they are overwritten.
        new: number of new texts.
    """
    sort_by_key(entries, np.empty_like(entries))
    return entries[: keep_shared(entries, new)].copy()


def buckets(column: UInt32, keys: KeyRange, new: int) -> tuple[UInt64, list[Int64]]:
    """Entries of the buckets with a new text and another one, sorted by key; the texts, in order, of each large one.

    Args:
        column: the keys of distinct texts for a band.
        keys: a range of keys.
        new: how many texts, at the beginning, have not been compared yet.
    """
    entries = shared_entries(keys.entries_of(column), new)
    of_entries = entries >> KEY
    edges = np.r_[0, np.flatnonzero(of_entries[1:] != of_entries[:-1]) + 1, len(entries)]
    sizes = np.diff(edges)
    large = [
        (entries[edges[bucket] : edges[bucket + 1]] & TEXT).astype(np.int64)
        for bucket in np.flatnonzero(sizes > LARGE_BUCKET)
    ]
    return entries[np.repeat(sizes <= LARGE_BUCKET, sizes)], large


def candidates(
    entries: UInt64, column_of: Callable[[int], UInt32], band: int, texts: int, new: int
) -> Iterator[UInt32]:
    """Batches of pairs (m, 2) of texts that share a bucket of a band, and none of an earlier band.

    The first text of a pair is new. Pairs of the others are already known. A batch is overwritten by the next one.

    Args:
        entries: entries of buckets of the band, as `buckets` gives them.
        column_of: gives the texts' keys for an earlier band. It is called at each use, so that they may be on disk.
        band: the band.
        texts: how many there are.
        new: how many, at the beginning, have not been compared yet.
    """
    pairs = np.empty((PAIRS_AT_ONCE, 2), np.uint32)
    numbers, entries = _numbered(entries, texts)
    bands = _bands_before(column_of, band, numbers)
    places, fresh = np.array([0, 1]), int(np.searchsorted(numbers, new))
    while places[0] < len(entries):
        filled = next_pairs(entries, places, fresh, bands, band, pairs)
        if filled:
            pairs[:filled] = numbers[pairs[:filled]]
            yield pairs[:filled]


def _numbered(entries: UInt64, texts: int) -> tuple[UInt32, UInt64]:
    """The distinct texts of the entries, in order, and the entries with each text replaced by its place in them."""
    of_entries = entries & TEXT
    found, places = renumbered(of_entries, texts)
    return found.astype(np.uint32), entries - of_entries + places.astype(np.uint64)


def _bands_before(column_of: Callable[[int], UInt32], band: int, texts: UInt32) -> UInt32:
    """Keys of some texts in the bands before `band`, shape (texts, bands)."""
    found = np.empty((len(texts), max(1, band)), np.uint32)
    for before in range(band):
        found[:, before] = column_of(before)[texts]
    return found
