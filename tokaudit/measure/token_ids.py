"""From IdBatch to MeasuredBatch: all numbers that are kept about documents of token ids."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.batches import IdBatch, MeasuredBatch
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64, UInt64
from tokaudit.measure.fingerprints.minhash import BANDS, BINS
from tokaudit.measure.kernels.face import murmur
from tokaudit.measure.tokenizers.protocol import foreign_id


def measure_ids(batches: Sequence[IdBatch], counters: Iterable[str]) -> MeasuredBatch:
    """Measure documents of token ids: their number, the bytes of text that they stand for, and a key of the ids.

    End-of-text ids are not counted and not in the key. Near-duplicates are not looked for: there are no words.

    Args:
        batches: the documents; at least one batch.
        counters: names of the tokenizers in the catalog; the ids are of each of them.

    Returns:
        The documents of all batches. Tokens are `foreign_id` where an id is not in the vocabulary.
    """
    tokens, size, keys = (np.concatenate(parts) for parts in zip(*map(_measured, batches), strict=True))
    number = len(tokens)
    return MeasuredBatch(
        ordinal=np.concatenate([batch.ordinal for batch in batches]),
        offset=pa.concat_arrays([batch.offset for batch in batches]),
        labels={},
        bytes=size,
        words=np.zeros(number, np.int64),
        keys=keys,
        tokens=dict.fromkeys(counters, tokens),
        signatures=np.broadcast_to(np.zeros(BINS, np.uint16), (number, BINS)),
        bands=np.broadcast_to(np.zeros(BANDS, np.uint32), (number, BANDS)),
    )


def _measured(batch: IdBatch) -> tuple[Int64, Int64, UInt64]:
    """Tokens, bytes and keys of the documents of a batch."""
    vocabulary = batch.vocabulary
    ids, ends = _without_end_of_text(batch)
    offsets = np.concatenate([[0], ends])
    keys = np.empty((len(ends), 2), np.uint64)
    murmur(ids.astype("<u4").view(np.uint8), 4 * offsets, keys)
    keys ^= _domain(vocabulary)
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


def _without_end_of_text(batch: IdBatch) -> tuple[npt.NDArray[Any], Int64]:
    """The ids of a batch without end-of-text ids, and the end of each document in them."""
    stops = np.flatnonzero(batch.ids == batch.vocabulary.end_of_text)
    if batch.vocabulary.end_of_text is None or not len(stops):
        return batch.ids, batch.ends
    return np.delete(batch.ids, stops), batch.ends - np.searchsorted(stops, batch.ends)


def _domain(vocabulary: TokenIds) -> UInt64:
    """What is combined with the keys of this vocabulary's ids, so that no text and no other vocabulary has them."""
    return np.frombuffer(hashlib.sha256(f"token ids {vocabulary.sha256}".encode()).digest()[:16], np.uint64)
