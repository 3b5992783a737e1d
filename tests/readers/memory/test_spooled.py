"""Rows and texts in memory as files of JSON lines."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.frames import FRAMES

from tokaudit.core.batches import BadRecord, Found, TextBatch
from tokaudit.core.errors import UsageError
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.memory.rows import PandasRows, Rows, rows_of
from tokaudit.readers.memory.spooled import READER, spooled_rows, spooled_texts
from tokaudit.readers.options import TEXT_FIELDS, ReadOptions
from tokaudit.readers.paths.listing import expand

LABELS = {"n": "n"}


def read(file: InputFile, **options: Any) -> list[tuple[Any, ...]]:
    """The documents of a file (ordinal, text, labels) and its bad records (ordinal, code, reason), by ordinal."""
    found = READERS.get(READER).read(file, ReadOptions(**{"labels": LABELS, **options}))
    return sorted((row for each in found for row in rows(each)), key=lambda row: int(row[0]))


def rows(found: Found) -> Iterator[tuple[Any, ...]]:
    if isinstance(found, BadRecord):
        assert found.ordinal is not None
        yield found.ordinal, found.code, found.why.removeprefix(f"line {found.line}: ")
    else:
        assert isinstance(found, TextBatch)
        labels = [values.to_pylist() for values in found.labels.values()]
        yield from zip(found.ordinal.tolist(), found.text.to_pylist(), *labels, strict=True)


def spooled(data: Any, *names: str, labels: Any = ("n",)) -> InputFile:
    found = rows_of(data)
    assert isinstance(found, Rows)
    return spooled_rows("x", found, names or TEXT_FIELDS, labels)


def content(file: InputFile) -> str:
    assert file.spool is not None
    return file.spool.content


@pytest.mark.slow
@given(st.lists(st.none() | st.text(max_size=12), max_size=8))
@settings(max_examples=30)
def test_the_same_rows_of_any_library_are_the_same_bytes(texts: list[str | None]) -> None:
    texts = ["a text", *texts]
    columns: dict[str, list[Any]] = {"text": texts, "n": list(range(len(texts)))}
    files = [spooled(make(columns)) for make in FRAMES.values()]
    without_labels = [spooled(make(columns), labels=[]) for make in FRAMES.values()]

    assert len({content(file) for file in files}) == 1
    assert {(file.path, file.below) for file in files} == {("frame:x", "frame")}
    assert {content(file) for file in without_labels} == {content(spooled_texts("y", iter(texts), "text"))}


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(max_size=8)
    | st.lists(st.integers(0, 9), max_size=2)
)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12))
@settings(max_examples=60)
def test_rows_are_read_as_the_same_json_lines_are(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[Any, Any]]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    path.write_text("".join(json.dumps({"text": text, "n": n}) + "\n" for text, n in values), encoding="utf-8")
    (file,), _ = expand([str(path)])
    frame = pd.DataFrame({"text": pd.Series([text for text, _ in values], dtype=object)})
    frame["n"] = pd.Series([n for _, n in values], dtype=object)

    assert read(spooled(frame)) == read(file)
    texts = spooled_texts("x", (text for text, _ in values), "text")
    assert [row[:2] for row in read(texts)] == [row[:2] for row in read(file)]


def test_values_that_are_missing_in_pandas_are_null() -> None:
    values = [np.nan, None, pd.NA, pd.NaT, float("nan")]
    frame = pd.DataFrame({"text": pd.Series(values, dtype=object), "n": pd.Series(values, dtype=object)})

    assert {row[1:] for row in read(spooled(frame))} == {("null_text", "the field 'text' is null")}


def test_values_of_other_types_are_bad_records_of_their_kind() -> None:
    values = [b"bytes", np.int64(3), np.bool_(True), pd.Timestamp("2020-01-01"), np.array(["a"]), {"a": 1}, 10**30]
    frame = pd.DataFrame({"text": pd.Series(values, dtype=object)})

    whys = [row[2].removeprefix("the field 'text' is ").removesuffix(", not text") for row in read(spooled(frame))]
    assert whys == ["an object", "a number", "true or false", "an object", "an array", "an object", "a number"]


def test_half_a_surrogate_pair_and_wrong_bytes_are_bad_records() -> None:
    wrong = pa.array([b"fine", b"\xff"], pa.binary()).view(pa.string())

    assert [row[1] for row in read(spooled_texts("x", ["fine", "\ud800", "too"], "text"))] == [
        *("fine", "encoding", "too")
    ]
    assert [row[1] for row in read(spooled(pa.table({"text": wrong})))] == ["fine", "encoding"]


def test_labels_are_written_as_those_of_files_are() -> None:
    when = pd.Timestamp("2020-01-02T03:04:05")
    values = ["a", 3, 3.5, np.int32(4), True, when, None, np.nan, [1, 2], {"b": [np.int64(1)]}, 1e400]
    frame = pd.DataFrame({"text": ["t"] * len(values), "n": pd.Series(values, dtype=object)})

    assert [row[2] for row in read(spooled(frame))] == [
        *("a", "3", "3.5", "4", "true", "2020-01-02T03:04:05", None, None, "[1,2]", '{"b":[1]}', None)
    ]


NESTED: dict[str, list[Any]] = {
    "id": [1, 2, 3],
    "meta": [{"text": "one", "l": {"n": 1}}, {"text": None, "l": {"n": 2}}, {"text": "three", "l": None}],
    "turns": [[{"content": "a"}, {"content": "b"}], [], [{"content": None}]],
}


@pytest.mark.parametrize("name", sorted(set(FRAMES) - {"interchange", "pandas, Arrow"}))
def test_paths_lead_into_structs_and_lists(name: str) -> None:
    frame = FRAMES[name](NESTED)
    inside = spooled(frame, "meta.text", labels=["meta.l.n"])
    labels = {"labels": {"n": "meta.l.n"}}

    assert read(inside, text_fields=("meta.text",), **labels) == [
        *((0, "one", "1"), (1, "null_text", "the field 'meta.text' is null"), (2, "three", None))
    ]
    turns = spooled(FRAMES[name](NESTED), "turns[].content", labels=[])
    found = read(turns, text_fields=("turns[].content",), labels={})
    assert [row[:2] for row in found] == [(0, "a\nb"), (1, ""), (2, "no_text")]


def test_many_rows_with_paths_as_names_are_read_at_once() -> None:
    count = 5_000
    frame = pd.DataFrame({"a.b": [f"text {n}" for n in range(count)], "c.d": range(count)})
    file = spooled(frame, "a.b", labels=["c.d"])

    assert read(file, text_fields=("a.b",), labels={"n": "c.d"}) == [(n, f"text {n}", str(n)) for n in range(count)]


def test_the_first_row_decides_on_the_field_as_in_a_file() -> None:
    frame = pd.DataFrame({"content": ["c", "d"], "text": pd.Series([1, "b"], dtype=object), "n": [1, 2]})

    assert read(spooled(frame)) == [(0, "c", "1"), (1, "d", "2")]
    assert read(spooled(frame, "text"), text_fields=("text",))[0][1] == "text_type"


def test_a_label_may_be_the_text_itself_or_be_missing() -> None:
    frame = pd.DataFrame({"text": ["a"]})

    assert read(spooled(frame, labels=["text"]), labels={"same": "text"}) == [(0, "a", "a")]
    assert read(spooled(frame, labels=["nowhere"]), labels={"none": "nowhere"}) == [(0, "a", None)]


def test_data_without_a_column_of_text_name_the_column_that_is_meant() -> None:
    frame = pd.DataFrame({"id": [1], "prose": ["a long text"]})
    with pytest.raises(UsageError, match=r"frame:x: has no column 'text'.*only 'id', 'prose'.*text_field='prose'"):
        spooled(frame)
    with pytest.raises(UsageError, match="has no column 'nowhere'"):
        spooled(frame, "nowhere")
    with pytest.raises(UsageError, match="text_field='NAME'"):
        spooled(frame.iloc[:0])


def test_a_column_that_is_there_twice_is_refused_if_it_is_needed() -> None:
    frame = pd.DataFrame([["a", "b", 1]], columns=["text", "text", "n"])
    with pytest.raises(UsageError, match="the column 'text' more than once"):
        spooled(frame)

    frame.columns = pd.Index(["text", "n", "n"])
    assert read(spooled(frame, labels=[]), labels={}) == [(0, "a")]


def test_no_rows_are_a_file_of_no_bytes() -> None:
    for name in sorted(set(FRAMES) - {"datasets, streamed"}):  # the library can't make one without rows
        assert spooled(FRAMES[name]({"text": pa.array([], pa.string()), "n": pa.array([], pa.int64())})).size == 0
    assert read(spooled_texts("x", iter(()), "text")) == []


GROWTH = """
import resource
import pandas as pd
from tokaudit.readers.memory.rows import rows_of
from tokaudit.readers.memory.spooled import spooled_rows, spooled_texts

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

texts = [f"{number} " + "some words " * 30 for number in range(300_000)]
frame = pd.DataFrame({"text": pd.Series(texts, dtype=object)})
spooled_rows("x", rows_of(frame[:10]), ["text"], [])
before = peak()
of_frame = spooled_rows("x", rows_of(frame), ["text"], []).size
of_texts = spooled_texts("x", ("words " * 100_000 for _ in range(200)), "text").size
print(min(of_frame, of_texts) // 1_000_000, peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other units of memory")
def test_memory_does_not_grow_with_the_rows() -> None:
    written, grown = map(int, subprocess.check_output([sys.executable, "-c", GROWTH]).split())

    assert written > 100
    assert grown < 30


def test_wide_rows_are_taken_a_few_at_a_time() -> None:
    frame = pd.DataFrame({"text": ["x" * 5_000_000] * 4}).astype("string[pyarrow]")
    chunks = list(PandasRows(frame).chunks({"text"}))

    assert [len(chunk["text"]) for chunk in chunks] == [1, 1, 1, 1]
