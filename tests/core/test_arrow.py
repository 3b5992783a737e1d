"""Arrow columns that are made without pandas equal those that pyarrow makes."""

import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.arrow import (
    binary_column,
    byte_lengths,
    filter_batch,
    integers,
    named_column,
    sums,
    table,
    take_rows,
    text_column,
    text_from_bytes,
    to_arrow,
)
from tokaudit.core.batches import BackfillBatch, PageBatch, TextBatch
from tokaudit.core.extraction import Extraction

VALUES = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1)),
    st.lists(st.floats(allow_nan=False)),
    st.lists(st.booleans()),
    st.lists(st.text()),
    st.lists(st.one_of(st.none(), st.text())),
    st.lists(st.one_of(st.none(), st.integers(0, 9))),
)


@given(VALUES)
def test_a_list_becomes_the_column_that_pyarrow_makes(values: list[Any]) -> None:
    made = to_arrow(values)
    made.validate(full=True)

    assert made.to_pylist() == values


@given(st.lists(st.integers(0, 255), max_size=40), st.sampled_from(["uint8", "uint64", "int64", "float64", "bool"]))
def test_an_array_keeps_its_values_and_its_type(values: list[int], kind: str) -> None:
    array = np.array(values).astype(kind)
    made = to_arrow(np.stack([array, array], axis=1)[:, 0])  # not contiguous in memory
    made.validate(full=True)

    assert made.to_pylist() == array.tolist()
    assert made.type == pa.array(array).type


@given(st.lists(st.tuples(st.integers(), st.booleans()).filter(lambda pair: abs(pair[0]) < 2**60), max_size=20))
def test_absent_values_are_null(values: list[tuple[int, bool]]) -> None:
    numbers = np.array([value for value, _ in values], np.int64)
    there = np.array([there for _, there in values], bool)

    assert to_arrow(numbers, there).to_pylist() == [value if known else None for value, known in values]


def test_a_table_keeps_the_names_and_types_of_its_columns() -> None:
    made = table({"a": np.arange(2, dtype=np.uint64), "b": ["x", None], "c": pa.array([1.5, 2.5])})

    assert made.to_pydict() == {"a": [0, 1], "b": ["x", None], "c": [1.5, 2.5]}
    assert made.schema.field("a").type == pa.uint64()


def test_a_named_column_contains_the_name_of_each_code() -> None:
    assert named_column(np.array([1, 0, 1], np.int8), ("a", "b")).to_pylist() == ["b", "a", "b"]


@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.integers(0, 5), st.integers(0, 5))
def test_integers_of_a_slice_are_those_of_the_slice(values: list[int], start: int, length: int) -> None:
    part = pa.array(values, pa.int64())[start : start + length]

    assert integers(part).tolist() == part.to_pylist()


@pytest.mark.parametrize("values", [[], ["a", "", "\U0001f600", None]])
def test_text_columns_are_valid_and_of_one_type(values: list[str | None]) -> None:
    made = text_column(values)
    made.validate(full=True)

    assert (made.type, made.to_pylist()) == (pa.large_string(), values)


def test_making_columns_does_not_import_pandas() -> None:
    program = (
        "import sys, numpy as np, pyarrow as pa\n"
        "from tokaudit.core.arrow import integers, named_column, table, to_arrow\n"
        "made = table({'a': np.arange(3), 'b': ['x', 'y', None], 'c': [1, 2, 3], 'd': np.array([True] * 3)})\n"
        "integers(made.column('a').chunk(0).take(to_arrow(np.arange(2))))\n"
        "named_column(np.zeros(3, np.int8), ('x',))\n"
        "print('pandas' in sys.modules)\n"
    )

    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "False\n"


@given(st.lists(st.lists(st.integers(-(2**40), 2**40)), max_size=6))
def test_sums_are_taken_per_stretch(stretches: list[list[int]]) -> None:
    values = np.array([value for stretch in stretches for value in stretch], np.int64)

    assert sums(values, [len(stretch) for stretch in stretches]).tolist() == [sum(stretch) for stretch in stretches]


@given(st.lists(st.booleans(), max_size=20))
def test_filtering_keeps_the_same_documents_in_all_columns(kept: list[bool]) -> None:
    rows = np.arange(len(kept))
    batch = BackfillBatch(
        rows, {"name": text_column([str(row) for row in rows])}, rows, np.stack([rows, rows], 1), {"a": rows}
    )
    found = filter_batch(batch, np.array(kept, np.bool_))
    left = [row for row, is_kept in enumerate(kept) if is_kept]

    assert found.ordinal.tolist() == found.bytes.tolist() == found.tokens["a"].tolist() == left
    assert found.keys.tolist() == [[row, row] for row in left]
    assert found.labels["name"].to_pylist() == [str(row) for row in left]


@given(st.lists(st.binary(max_size=20)))
def test_a_column_of_bytes_is_the_one_that_pyarrow_makes(values: list[bytes]) -> None:
    made = binary_column([bytearray(value) for value in values])
    made.validate(full=True)

    assert made.equals(pa.array(values, pa.large_binary()))
    assert byte_lengths(made).tolist() == list(map(len, values))


@given(st.lists(st.text(max_size=20)))
def test_texts_in_utf8_are_the_column_that_pyarrow_makes(values: list[str]) -> None:
    made = text_from_bytes([value.encode() for value in values])
    made.validate(full=True)

    assert made.equals(pa.array(values, pa.large_string()))


@given(st.lists(st.binary(max_size=9), min_size=1), st.data())
def test_lengths_of_a_slice_are_those_of_its_values(values: list[bytes], data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(values)))
    end = data.draw(st.integers(begin, len(values)))

    assert byte_lengths(pa.array(values, pa.large_binary())[begin:end]).tolist() == list(map(len, values[begin:end]))


@given(st.lists(st.integers(0, 4), max_size=9))
def test_chosen_rows_of_texts_and_pages_stay_together(rows: list[int]) -> None:
    ordinal = np.arange(10, 15)
    offset = pa.array([1, None, 3, 4, 5], pa.int64())
    labels = {"n": pa.array(["a", None, "c", "d", "e"])}
    text = TextBatch(pa.array(list("vwxyz"), pa.large_string()), ordinal, offset, labels, 7, "f")
    pages = PageBatch(
        pa.array([b"v", b"w", b"x", b"y", b"z"], pa.large_binary()),
        np.arange(5, dtype=np.uint8),
        pa.array(["u", None, "u", None, "l"]),
        Extraction(),
        ordinal,
        offset,
        labels,
        7,
    )
    places = np.array(rows, np.int64)
    some_text, some_pages = take_rows(text, places), take_rows(pages, places)

    assert some_text.text.to_pylist() == ["vwxyz"[row] for row in rows]
    assert some_pages.pages.to_pylist() == [b"vwxyz"[row : row + 1] for row in rows]
    assert some_pages.kind.tolist() == rows
    assert some_pages.charset.to_pylist() == [pages.charset[row].as_py() for row in rows]
    for some in (some_text, some_pages):
        assert some.ordinal.tolist() == [10 + row for row in rows]
        assert some.offset.to_pylist() == [offset[row].as_py() for row in rows]
        assert some.labels["n"].to_pylist() == [labels["n"][row].as_py() for row in rows]
        assert some.position == 7
    assert (some_text.text_field, some_pages.extraction) == ("f", Extraction())
