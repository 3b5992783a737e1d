"""Rows of frames, tables and datasets."""

import io
import json
from typing import Any

import datasets
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from made.frames import FRAMES

from tokaudit.core.errors import UsageError
from tokaudit.readers.memory.rows import rows_of


@pytest.mark.parametrize("name", FRAMES)
def test_rows_of_any_library_come_in_order_with_wanted_columns_only(name: str) -> None:
    rows = rows_of(FRAMES[name]({"a": ["x", None, "z"], "b": [1, 2, 3], "c": [0.5, 1.5, 2.5]}))
    assert rows is not None
    assert rows.columns == ("a", "b", "c")
    assert dict(rows.first() or {}) == {"a": "x", "b": 1, "c": 0.5}
    found = [list(zip(chunk["a"], chunk["b"], strict=True)) for chunk in rows.chunks({"a", "b"})]

    plain = [(None if pd.isna(text) else text, number) for chunk in found for text, number in chunk]
    assert plain == [("x", 1), (None, 2), ("z", 3)]


def test_names_that_are_not_texts_are_shown_and_match_nothing() -> None:
    rows = rows_of(pd.DataFrame({0: ["a"], ("b", 1): ["c"]}))

    assert rows is not None
    assert rows.columns == ("0", "('b', 1)")


def test_columns_of_several_levels_are_refused_with_the_remedy() -> None:
    frame = pd.DataFrame({("a", "text"): ["x"], ("b", "n"): [1]})
    with pytest.raises(UsageError, match=r"^data: the columns of the frame have 2 levels"):
        rows_of(frame)
    frame.columns = frame.columns.map(".".join)
    rows = rows_of(frame)

    assert rows is not None
    assert rows.columns == ("a.text", "b.n")


def test_columns_that_are_not_wanted_are_not_decoded() -> None:
    features = datasets.Features({"text": datasets.Value("string"), "picture": datasets.Image()})
    table = pa.table({"text": ["a"], "picture": [{"bytes": b"no picture", "path": None}]})
    dataset = datasets.Dataset(table.cast(features.arrow_schema)).cast(features)
    dataset.set_format("numpy", columns=["picture"])
    rows = rows_of(dataset)

    assert rows is not None
    assert rows.first() is not None
    assert [chunk["text"] for chunk in rows.chunks({"text"})] == [["a"]]


def test_a_dataset_with_chosen_and_shuffled_rows_is_read_in_its_order() -> None:
    dataset = datasets.Dataset.from_dict({"text": [str(number) for number in range(1_000)]}).shuffle(seed=1)
    rows = rows_of(dataset.select(range(600)))

    assert rows is not None
    assert [text for chunk in rows.chunks({"text"}) for text in chunk["text"]] == dataset["text"][:600]


def test_wrong_bytes_inside_of_structs_are_refused() -> None:
    wrong = pa.array([b"\xff"], pa.binary()).view(pa.string())
    rows = rows_of(pa.table({"meta": pa.StructArray.from_arrays([wrong], ["text"])}))

    assert rows is not None
    with pytest.raises(UsageError, match=r"a column of struct<text: string> contains text that is not valid UTF-8"):
        list(rows.chunks({"meta"}))


def test_streamed_rows_may_differ_in_type_and_columns() -> None:
    def made() -> Any:
        yield {"text": "a"}
        yield {"text": 5, "more": 1}

    rows = rows_of(datasets.IterableDataset.from_generator(made))
    assert rows is not None
    assert (rows.columns, rows.has_all_columns) == (("text",), False)
    assert [dict(chunk) for chunk in rows.chunks({"text", "more"})] == [
        *({"text": ["a"], "more": [None]}, {"text": [5], "more": [1]})
    ]


@pytest.mark.parametrize(
    "data", [["a"], "a", 5, {"text": ["a"]}, io.StringIO(), json, pa.array(["a"]), pd.Series(["a"]), np.array(["a"])]
)
def test_anything_else_has_no_rows(data: Any) -> None:
    assert rows_of(data) is None
