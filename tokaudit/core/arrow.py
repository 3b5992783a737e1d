"""Arrow columns from numpy arrays and lists of text.

`pa.array`, `pa.table` and `to_numpy` ask pandas whether it has made what they are given, and import it for that: a
fifth of a second, which an ingest needs for nothing else. `cast`, `take`, `filter` and `is_null` import
`pyarrow.compute`, a twentieth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.batches import BackfillBatch, MeasuredBatch
from tokaudit.core.types import Int64

Batch = TypeVar("Batch", bound=MeasuredBatch | BackfillBatch)


def to_arrow(values: Any, there: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """An Arrow array as it is, a numpy array without a copy where it can be, a list of numbers or of texts.

    Args:
        values: numbers, truth values or texts; None may be among those of a list.
        there: for a numpy array, where it holds a value rather than null.
    """
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    if not isinstance(values, np.ndarray):
        kinds = set(map(type, values))
        if str in kinds:
            return text_column(values)
        if type(None) in kinds or not kinds:
            return pa.array(values)
        values = np.array(values)
    if values.dtype == np.bool_:
        return _array(pa.bool_(), len(values), _bits(values), there)
    return _array(pa.from_numpy_dtype(values.dtype), len(values), np.ascontiguousarray(values), there)


def _array(kind: pa.DataType, length: int, data: npt.NDArray[Any], there: npt.NDArray[np.bool_] | None) -> pa.Array:
    valid = None if there is None else pa.py_buffer(_bits(there))
    return pa.Array.from_buffers(kind, length, [valid, pa.py_buffer(data)])


def _bits(values: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    return np.packbits(values, bitorder="little")


def text_column(values: Sequence[str | None]) -> pa.LargeStringArray:
    """The texts as an Arrow array."""
    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    valid = pa.py_buffer(_bits(np.array([value is not None for value in values]))) if None in values else None
    buffers = [valid, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.large_string(), len(encoded), buffers)


def named_column(codes: npt.NDArray[np.integer[Any]], names: Sequence[str]) -> pa.DictionaryArray:
    """For each code the name in its place."""
    return pa.DictionaryArray.from_arrays(to_arrow(codes), text_column(names))


def constant_column(value: str, length: int) -> pa.DictionaryArray:
    """The text so many times."""
    return named_column(np.zeros(length, np.int8), [value])


def table(columns: Mapping[str, Any]) -> pa.Table:
    """A table of columns of equal length, each as ``to_arrow`` takes it."""
    arrays = [to_arrow(values) for values in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def integers(values: pa.Array) -> Int64:
    """An Arrow array of 64-bit integers without nulls as a numpy array over the same memory."""
    if len(values) == 0:
        return np.empty(0, np.int64)
    return np.frombuffer(values.buffers()[1], np.int64, count=len(values), offset=8 * values.offset)


def text_lengths(text: pa.LargeStringArray) -> Int64:
    """UTF-8 bytes of each text; no nulls."""
    if len(text) == 0:
        return np.empty(0, np.int64)
    offsets = np.frombuffer(text.buffers()[1], np.int64, count=len(text) + 1, offset=8 * text.offset)
    return offsets[1:] - offsets[:-1]


def sums(values: Int64, lengths: Sequence[int] | Int64) -> Int64:
    """Of stretches of so many values each, one after the other, the sum."""
    before = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=before[1:])
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return np.diff(before[ends])


def filter_batch(batch: Batch, kept: npt.NDArray[np.bool_]) -> Batch:
    """The documents of a batch for which ``kept`` is true."""
    return replace(batch, **{each.name: _filter(getattr(batch, each.name), kept) for each in fields(batch)})


def first_documents(batch: Batch, count: int) -> Batch:
    """The first so many documents of a batch; all of them if it has fewer."""
    return filter_batch(batch, np.arange(len(batch.ordinal)) < count)


def _filter(values: Any, kept: npt.NDArray[np.bool_]) -> Any:
    if isinstance(values, Mapping):
        return {name: _filter(of_name, kept) for name, of_name in values.items()}
    return values.filter(to_arrow(kept)) if isinstance(values, pa.Array) else values[kept]
