"""Candidate pairs: texts that share a band key, at least one of the two not compared before."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from tokaudit.catalog.signatures import Fragments
from tokaudit.core.kernels.face import entries_of, entries_seen, keep_shared, mark, next_pairs, sort_by_key
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.types import Int64, UInt32, UInt64
from tokaudit.dedup.renumber import renumbered
from tokaudit.measure.fingerprints.minhash import BANDS

PAIRS_AT_ONCE: Final = 500_000
"""Pairs whose signatures are in memory at once: at most 512 bytes per pair, or 256 MB; usually far less."""

LARGE_BUCKET: Final = 512
"""A bucket of more texts is large. Its pairs, which grow with the square of that, are left to `large_buckets`."""

_THREADS: Final = 2
"""Fixed, whatever the number of workers: each thread sorts `_ENTRIES`, and memory must not grow with the machine."""
_COLUMN_BYTES: Final = 256_000_000
"""Bytes of band keys in memory at once: as many bands as fit, and at least one."""
_ENTRIES: Final = 4_000_000
"""Band keys that each thread sorts at once, 16 bytes each. For candidates, add 64 bytes for all bands of each text."""
_BITS_PER_KEY: Final = 64
"""Size of a set of band keys: one in that many keys of other texts is a false hit."""
_LEAST_BITS: Final = 1 << 16
_MOST_BITS: Final = 1 << 27
_KEY: Final = np.uint64(32)  # the upper half of an entry
_TEXT: Final = np.uint64(0xFFFFFFFF)  # the lower


def texts_sharing_bands(fragments: Fragments, new: int) -> Int64:
    """Numbers of the texts, in order, that share a band key with another; one of the two is among the first `new`.

    The first `new` texts are those of whole fragments. The band keys of the others are read once and looked up
    among theirs. Memory grows by 5 bytes per text, whatever the number of bands.
    """
    found = np.zeros(len(fragments), bool)

    def mark_shared(task: tuple[UInt32, UInt64]) -> None:
        for entries in _shared_entries(*task, new):
            found[entries & _TEXT] = True

    at_once = max(1, min(BANDS, _COLUMN_BYTES // max(1, 4 * len(fragments))))
    for begin in range(0, BANDS, at_once):
        end = min(begin + at_once, BANDS)
        columns = fragments.bands(begin, end, slice(0, new))
        tasks = zip(columns, _probed(fragments, columns, begin, end), strict=True)
        with ordered_map(mark_shared, tasks, _THREADS, _THREADS) as marked:
            for _ in marked:
                pass
    return np.flatnonzero(found)


def _probed(fragments: Fragments, columns: UInt32, begin: int, end: int) -> list[UInt64]:
    """For each band, entries of old texts that may share a key with a new text. `columns` has the new texts' keys."""
    new = columns.shape[1]
    found: list[list[UInt64]] = [[np.empty(0, np.uint64)] for _ in columns]
    bits = min(_MOST_BITS, max(_LEAST_BITS, 1 << (_BITS_PER_KEY * new).bit_length())) if new < len(fragments) else 64
    seen = np.zeros((len(columns), bits // 64), np.uint64)
    for column, keys in zip(columns, seen, strict=True):
        mark(column, keys)

    def probe(part: slice) -> list[UInt64]:
        return [_entries_seen(*task, part.start) for task in zip(fragments.bands(begin, end, part), seen, strict=True)]

    with ordered_map(probe, fragments.parts(new, len(fragments)), _THREADS, _THREADS) as probed:
        for entries in probed:
            for band, some in zip(found, entries, strict=True):
                band.append(some)
    return [np.concatenate(band) for band in found]


def _entries_seen(column: UInt32, seen: UInt64, first: int) -> UInt64:
    entries = np.empty(len(column), np.uint64)
    return entries[: entries_seen(column, first, seen, entries)].copy()


def candidates(columns: Sequence[UInt32], new: int, large: list[Int64]) -> Iterator[UInt32]:
    """Batches of pairs (m, 2) of texts that share a band key, each pair once; the first text of a pair is new.

    Args:
        columns: the keys of distinct texts for each band. A band is fetched at each use, so that it may be on disk.
        new: how many texts, at the beginning, have not been compared yet. Pairs of the others are already known.
        large: filled with the texts of each large bucket, in order. Their pairs are left out.
    """
    pairs = np.empty((PAIRS_AT_ONCE, 2), np.uint32)
    filled = 0
    none = np.empty(0, np.uint64)
    for band, column in enumerate(columns):
        for shared in _shared_entries(column, none, new):
            texts, entries = _numbered(_without_large_buckets(shared, large), len(column))
            bands = _bands_before(columns, band, texts)
            places, fresh = np.array([0, 1]), int(np.searchsorted(texts, new))
            while places[0] < len(entries):
                more = next_pairs(entries, places, fresh, bands, band, pairs[filled:])
                pairs[filled : filled + more] = texts[pairs[filled : filled + more]]
                filled += more
                if filled == len(pairs):
                    yield pairs
                    filled = 0
    if filled:
        yield pairs[:filled]


def _numbered(entries: UInt64, texts: int) -> tuple[UInt32, UInt64]:
    """The distinct texts of the entries, in order, and the entries with each text replaced by its place in them."""
    of_entries = entries & _TEXT
    found, places = renumbered(of_entries, texts)
    return found.astype(np.uint32), entries - of_entries + places.astype(np.uint64)


def _bands_before(columns: Sequence[UInt32], band: int, texts: UInt32) -> UInt32:
    """Keys of some texts in the bands before `band`, shape (texts, bands)."""
    found = np.empty((len(texts), max(1, band)), np.uint32)
    for before in range(band):
        found[:, before] = columns[before][texts]
    return found


def _without_large_buckets(entries: UInt64, large: list[Int64]) -> UInt64:
    """The sorted entries without large buckets. The texts of each large bucket are appended to `large`."""
    keys = entries >> _KEY
    edges = np.r_[0, np.flatnonzero(keys[1:] != keys[:-1]) + 1, len(keys)]
    sizes = np.diff(edges)
    texts = (entries & _TEXT).astype(np.int64)
    large += [texts[edges[bucket] : edges[bucket + 1]] for bucket in np.flatnonzero(sizes > LARGE_BUCKET)]
    rest: UInt64 = entries[np.repeat(sizes <= LARGE_BUCKET, sizes)]
    return rest


def _shared_entries(values: UInt32, others: UInt64, new: int) -> Iterator[UInt64]:
    """Entries, sorted by key, of a band's buckets with at least two texts, one of them among the first `new`.

    One array per prefix of the keys.

    Args:
        values: band keys of texts 0, 1, …
        others: entries of further texts.
        new: number of new texts.
    """
    partitions = 1 << max(0, int(np.ceil(np.log2(max(1, len(values) + len(others)) / _ENTRIES))))
    shift = 32 - (partitions - 1).bit_length()
    for prefix in range(partitions):
        extra = others[others >> np.uint64(32 + shift) == prefix]
        entries = np.empty(len(values) + len(extra), np.uint64)
        filled = entries_of(values, shift, prefix, entries)
        entries = entries[: filled + len(extra)]
        entries[filled:] = extra
        sort_by_key(entries, np.empty_like(entries))
        yield entries[: keep_shared(entries, new)].copy()
