"""From IdBatch to MeasuredBatch: all numbers that are kept about documents of token ids."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.batches import IdBatch, MeasuredBatch
from tokaudit.core.kernels.face import murmur
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64, UInt64
from tokaudit.measure.fingerprints.minhash import BANDS, BINS
from tokaudit.measure.tokenizers.protocol import foreign_id

_GROUP_IDS: Final = 1 << 16
"""Ids that are measured at once: what is computed of them stays in the processor's cache. It is twice as fast."""

_Ids = npt.NDArray[np.unsignedinteger[Any]]


def measure_ids(batches: Sequence[IdBatch], counters: Iterable[str]) -> MeasuredBatch:
    """Measure documents of token ids: their number, the bytes of text that they stand for, and a key of the ids.

    End-of-text ids are not counted and not in the key. Near-duplicates are not looked for: there are no words.

    Args:
        batches: the documents; at least one batch.
        counters: names of the tokenizers in the catalog; the ids are of each of them.

    Returns:
        The documents of all batches. Tokens are `foreign_id` where an id is not in the vocabulary.
    """
    measured = [_measured(ids, ends, batch.vocabulary) for batch in batches for ids, ends in _groups(batch)]
    tokens, size, keys = (np.concatenate(parts) for parts in zip(*measured, strict=True))
    number = len(tokens)
    return MeasuredBatch(
        ordinal=np.concatenate([batch.ordinal for batch in batches]),
        offset=pa.concat_arrays([batch.offset for batch in batches]),
        labels={},
        bytes=size,
        words=np.zeros(number, np.int64),
        keys=keys,
        tokens=dict.fromkeys(counters, tokens),
        bytes_repeated_inside=pa.nulls(number, pa.int64()),
        signatures=np.broadcast_to(np.zeros(BINS, np.uint16), (number, BINS)),
        bands=np.broadcast_to(np.zeros(BANDS, np.uint32), (number, BANDS)),
    )


def id_keys(batch: IdBatch) -> UInt64:
    """The keys of the documents, (n, 2), as `measure_ids` finds them."""
    parts = [_keys(*_counted(ids, ends, batch.vocabulary), batch.vocabulary) for ids, ends in _groups(batch)]
    return np.concatenate([np.empty((0, 2), np.uint64), *parts])


def counted_ids(batch: IdBatch, row: int) -> _Ids:
    """The ids of one document without the end-of-text ids."""
    begin, end = int(batch.ends[row - 1]) if row else 0, int(batch.ends[row])
    return _counted(batch.ids[begin:end], np.array([end - begin]), batch.vocabulary)[0]


def _groups(batch: IdBatch) -> Iterator[tuple[_Ids, Int64]]:
    """Yield the ids of some documents at a time, and the end of each in them."""
    first = begin = 0
    while first < len(batch.ends):
        stop = max(first + 1, int(np.searchsorted(batch.ends, begin + _GROUP_IDS, side="right")))
        end = int(batch.ends[stop - 1])
        yield batch.ids[begin:end], batch.ends[first:stop] - begin
        first, begin = stop, end


def _counted(ids: _Ids, ends: Int64, vocabulary: TokenIds) -> tuple[_Ids, Int64]:
    """The ids that count, without the end-of-text ids, and the ends of the documents in them."""
    stops = np.flatnonzero(ids == vocabulary.end_of_text) if vocabulary.end_of_text is not None else ()
    if len(stops):
        ids = np.delete(ids, stops)
        ends = ends - np.searchsorted(stops, ends)
    return ids, ends


def _keys(ids: _Ids, ends: Int64, vocabulary: TokenIds) -> UInt64:
    """Keys of documents of ids that count."""
    keys = np.empty((len(ends), 2), np.uint64)
    murmur(ids.astype("<u4").view(np.uint8), 4 * np.concatenate([[0], ends]), keys)
    keys ^= _domain(vocabulary)
    return keys


def _measured(ids: _Ids, ends: Int64, vocabulary: TokenIds) -> tuple[Int64, Int64, UInt64]:
    """Tokens, bytes and keys of documents."""
    ids, ends = _counted(ids, ends, vocabulary)
    offsets = np.concatenate([[0], ends])
    keys = _keys(ids, ends, vocabulary)
    tokens = np.diff(offsets)
    filled = np.flatnonzero(tokens)
    size = np.zeros(len(ends), np.int64)
    if len(filled):
        sizes = vocabulary.sizes(ids)
        foreign = np.flatnonzero(sizes < 0)
        size[filled] = np.add.reduceat(sizes, offsets[filled], dtype=np.int64)
        if vocabulary.added_blank is not None:
            size[filled] -= vocabulary.added_blank.take(ids[offsets[filled]], mode="clip")
        if len(foreign):
            documents, first = np.unique(np.searchsorted(ends, foreign, side="right"), return_index=True)
            tokens[documents] = foreign_id(ids[foreign[first]].astype(np.int64))
    return tokens, size, keys


def _domain(vocabulary: TokenIds) -> UInt64:
    """What is combined with the keys of this vocabulary's ids, so that no text and no other vocabulary has them."""
    return np.frombuffer(hashlib.sha256(f"token ids {vocabulary.sha256}".encode()).digest()[:16], np.uint64)
