"""Documents with a label that is too long to be one: each is a bad record."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import BadRecord, Found, PageBatch, TextBatch
from tokaudit.core.types import Int64


def within_limit(found: Iterable[Found], most: int) -> Iterator[Found]:
    """What a reader found, with a bad record for each document that has a label of more than so many bytes."""
    for each in found:
        if isinstance(each, TextBatch | PageBatch):
            yield from _checked(each, most)
        else:
            yield each


def _checked(batch: TextBatch | PageBatch, most: int) -> Iterator[TextBatch | PageBatch | BadRecord]:
    lengths = {name: _lengths(values) for name, values in batch.labels.items()}
    bad = {place: name for name, of in lengths.items() for place in np.flatnonzero(of > most).tolist()}
    for place, name in sorted(bad.items()):
        why = (
            f"its label {name!r} has {lengths[name][place]:,} bytes, more than {most:,}: name another field with"
            " --label, or pass --limit label=SIZE"
        )
        yield BadRecord(int(batch.ordinal[place]), batch.offset[place].as_py(), "label_too_long", why)
    if not bad:
        yield batch
    elif len(bad) < len(batch.ordinal):
        yield _rows(batch, np.delete(np.arange(len(batch.ordinal)), list(bad)))


def _lengths(values: pa.StringArray) -> Int64:
    """The bytes of each label; 0 for null."""
    ends = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]
    return np.diff(ends).astype(np.int64)


def _rows(batch: TextBatch | PageBatch, rows: Int64) -> TextBatch | PageBatch:
    """These rows of a batch."""
    taken = to_arrow(rows)
    labels = {name: values.take(taken) for name, values in batch.labels.items()}
    same = {"ordinal": batch.ordinal[rows], "offset": batch.offset.take(taken), "labels": labels}
    if isinstance(batch, TextBatch):
        return replace(batch, text=batch.text.take(taken), **same)
    return replace(
        batch, pages=batch.pages.take(taken), kind=batch.kind[rows], charset=batch.charset.take(taken), **same
    )
