"""Arrow columns from numpy arrays and lists of text.

`pa.array`, `pa.table` and `to_numpy` import pandas to ask whether their input comes from it. That takes a fifth of a
second, and an ingest needs pandas for nothing else. `cast`, `take`, `filter` and `is_null` import `pyarrow.compute`,
which takes a twentieth of a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.batches import BackfillBatch, Documents, MeasuredBatch, PageBatch, TextBatch
from tokaudit.core.types import Int64

Text = TypeVar("Text", bound=TextBatch | PageBatch)
Batch = TypeVar("Batch", bound=MeasuredBatch | BackfillBatch)
Number = TypeVar("Number", bound=np.integer[Any])


def to_arrow(values: Any, there: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """The values as an Arrow array; an Arrow array is returned as it is, a numpy array is not copied if possible.

    Args:
        values: an Arrow or numpy array, or a list of numbers, truth values or texts; a list may contain None.
        there: for a numpy array, true where it contains a value and false where the result is null.
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
    return _bytes_column(encoded, pa.large_string(), [value is not None for value in values])


def short_text_column(values: Sequence[str | None]) -> pa.StringArray:
    """The texts as an Arrow array of less than 2 GiB, such as of labels."""
    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64).astype(np.int32)
    return _array_of(encoded, ends, pa.string(), [value is not None for value in values])


def text_from_bytes(texts: Sequence[bytes]) -> pa.LargeStringArray:
    """Texts in UTF-8 as an Arrow array; not checked."""
    return _bytes_column(texts, pa.large_string())


def binary_column(values: Sequence[bytes | bytearray]) -> pa.LargeBinaryArray:
    """Bytes as an Arrow array."""
    return _bytes_column(values, pa.large_binary())


def _bytes_column(values: Sequence[bytes | bytearray], kind: pa.DataType, there: Sequence[bool] = ()) -> pa.Array:
    """Bytes or texts as an Arrow array; `there` is false where the result is null, and empty if it nowhere is."""
    return _array_of(values, np.cumsum([0, *map(len, values)], dtype=np.int64), kind, there)


def _array_of(
    values: Sequence[bytes | bytearray], ends: npt.NDArray[Any], kind: pa.DataType, there: Sequence[bool]
) -> pa.Array:
    valid = None if all(there) else pa.py_buffer(_bits(np.array(there)))
    joined = values[0] if len(values) == 1 else b"".join(values)  # a long one is not copied
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(ends), pa.py_buffer(joined)])


def named_column(codes: npt.NDArray[np.integer[Any]], names: Sequence[str]) -> pa.DictionaryArray:
    """A dictionary column that contains, for each code, the name at that index."""
    return pa.DictionaryArray.from_arrays(to_arrow(codes), text_column(names))


def constant_column(value: str, length: int) -> pa.DictionaryArray:
    """A dictionary column that repeats one text ``length`` times."""
    return named_column(np.zeros(length, np.int8), [value])


def table(columns: Mapping[str, Any]) -> pa.Table:
    """A table of columns of equal length; a column may be anything that ``to_arrow`` takes."""
    arrays = [to_arrow(values) for values in columns.values()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def integers(values: pa.Array) -> Int64:
    """A numpy array over the memory of an Arrow array of 64-bit integers, which contains no nulls."""
    return numbers(values, np.int64)


def numbers(values: pa.Array, kind: type[Number]) -> npt.NDArray[Number]:
    """A numpy array over the memory of an Arrow array of integers of this kind, which contains no nulls."""
    if len(values) == 0:
        return np.empty(0, kind)
    return np.frombuffer(values.buffers()[1], kind, count=len(values), offset=np.dtype(kind).itemsize * values.offset)


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece. Arrow's `combine_chunks` imports pandas if there is none."""
    return column.combine_chunks() if column.num_chunks else pa.nulls(0, column.type)


def byte_lengths(values: pa.LargeStringArray | pa.LargeBinaryArray) -> Int64:
    """The number of bytes of each text, in UTF-8, or of each value; there are no nulls."""
    if len(values) == 0:
        return np.empty(0, np.int64)
    offsets = np.frombuffer(values.buffers()[1], np.int64, count=len(values) + 1, offset=8 * values.offset)
    return offsets[1:] - offsets[:-1]


def document_bytes(batch: Documents | PageBatch) -> Int64:
    """The number of UTF-8 bytes of each document; of a page as stored; for token ids, of the text they stand for."""
    if isinstance(batch, TextBatch):
        return byte_lengths(batch.text)
    if isinstance(batch, PageBatch):
        return byte_lengths(batch.pages)
    sizes = batch.vocabulary.sizes(batch.ids).clip(0)
    return sums(sizes, np.diff(batch.ends, prepend=0))


def sums(values: npt.NDArray[np.signedinteger[Any]], lengths: Sequence[int] | Int64) -> Int64:
    """The sums of consecutive stretches of the values; ``lengths`` says how many values each stretch has."""
    before = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=before[1:])
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return np.diff(before[ends])


def take_rows(batch: Text, rows: Int64) -> Text:
    """Some documents of a batch, in the order of the rows."""
    places = to_arrow(rows)
    labels = {name: values.take(places) for name, values in batch.labels.items()}
    changes: dict[str, Any] = {"ordinal": batch.ordinal[rows], "offset": batch.offset.take(places), "labels": labels}
    if isinstance(batch, TextBatch):
        changes["text"] = batch.text.take(places)
    else:
        changes |= {"pages": batch.pages.take(places), "kind": batch.kind[rows], "charset": batch.charset.take(places)}
    return replace(batch, **changes)


def filter_batch(batch: Batch, kept: npt.NDArray[np.bool_]) -> Batch:
    """The documents of a batch for which ``kept`` is true."""
    return replace(batch, **{each.name: _filter(getattr(batch, each.name), kept) for each in fields(batch)})


def first_documents(batch: Batch, count: int) -> Batch:
    """The first ``count`` documents of a batch; all of them if it has fewer."""
    return filter_batch(batch, np.arange(len(batch.ordinal)) < count)


def _filter(values: Any, kept: npt.NDArray[np.bool_]) -> Any:
    if isinstance(values, Mapping):
        return {name: _filter(of_name, kept) for name, of_name in values.items()}
    return values.filter(to_arrow(kept)) if isinstance(values, pa.Array) else values[kept]
