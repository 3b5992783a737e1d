"""Text from Arrow columns: invalid columns are refused, and at most one batch is copied at a time."""

from typing import Any

import pyarrow as pa
import pytest

from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.faults import FileFault
from tokaudit.readers.fields.columns import documents
from tokaudit.readers.options import ReadOptions


def texts(column: pa.Array, labels: pa.Array | None = None, **options: Any) -> list[Any]:
    """The texts of each batch as a list (or the labels if there are any), and the ordinals of bad records."""
    batch = pa.record_batch({"text": column} | ({} if labels is None else {"label": labels}))
    fields = {} if labels is None else {"label": "label"}
    found: list[Any] = []
    for item in documents(batch, "text", ReadOptions(labels=fields, **options), 100, 0):
        if isinstance(item, BadRecord):
            found.append(item.ordinal)
        elif labels is None:
            found.append(item.text.to_pylist())
        else:
            found.append(item.labels["label"].to_pylist())
    return found


def string(offsets: list[int], data: bytes) -> pa.Array:
    """A string array with the given buffers, valid or not."""
    ends = pa.array(offsets, pa.int32()).buffers()[1]
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, ends, pa.py_buffer(data)])


@pytest.mark.parametrize(
    "column",
    [
        string([0, 999, 5], b"short"),
        string([0, 4, 2], b"text"),
        string([0, -5, 4], b"text"),
        pa.DictionaryArray.from_arrays(pa.array([0, 5]), pa.array(["a"]), safe=False),
        pa.DictionaryArray.from_arrays(pa.array([0, -1]), pa.array(["a"]), safe=False),
        pa.DictionaryArray.from_arrays(pa.array([0]), string([0, 999, 5], b"short"), safe=False),
    ],
)
def test_a_column_with_contradictory_buffers_is_refused(column: pa.Array) -> None:
    with pytest.raises(FileFault) as caught:
        texts(column)
    assert caught.value.code == "corrupt"

    with pytest.raises(FileFault):
        texts(pa.array(["a"] * len(column)), labels=column)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_binary(), pa.string_view(), pa.binary_view()])
@pytest.mark.parametrize("dictionary", [False, True])
def test_a_slice_of_a_column_gives_its_texts_in_bounded_batches(kind: pa.DataType, dictionary: bool) -> None:
    values = pa.array(["no", "no", "a" * 20, None, "bb", "c" * 30, "d", "no"])
    column = values.cast(kind)
    if dictionary:
        column = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 4, 5, 6, 7]), column)

    assert texts(column.slice(2, 5), batch_bytes=22) == [101, ["a" * 20, "bb"], ["c" * 30], ["d"]]


def test_a_dictionary_without_values_is_all_nulls() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([None, None], pa.int8()), pa.array([], pa.string()))

    assert texts(column) == [100, 101]


def test_dictionary_texts_are_copied_one_batch_at_a_time() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), pa.array(["x" * 100_000]))
    before = pa.total_allocated_bytes()

    for item in documents(pa.record_batch({"text": column}), "text", ReadOptions(batch_bytes=1_000_000), 0, 0):
        assert isinstance(item, TextBatch)
        assert pa.total_allocated_bytes() - before < 10_000_000


def test_labels_that_are_not_valid_text_are_null_or_repaired() -> None:
    column = pa.array(["a", "b"])

    assert texts(column, pa.array([b"ok", b"caf\xe9"])) == [["ok", "caf\ufffd"]]
    assert texts(column, pa.array([0, 2**62], pa.timestamp("s"))) == [["1970-01-01T00:00:00", None]]
