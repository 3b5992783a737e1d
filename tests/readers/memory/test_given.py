"""What a program hands over: paths, rows or texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given as given_values
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.readers.memory.given import Texts, given
from tokaudit.readers.memory.rows import Rows


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a file, a file with a blank in its name, and a folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("there.txt", "two words.jsonl", "folder/inside.txt", "bare"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()


def texts(data: Any) -> list[Any]:
    found = given(data)
    assert isinstance(found, Texts)
    return list(found.values)


@pytest.mark.parametrize(
    "data",
    [
        "anything, even prose",
        Path("nowhere"),
        ["there.txt"],
        ("bare", "folder", "two words.jsonl"),
        ["*.txt", "two w*.jsonl", "folder/**/*.txt"],
        ["https://example.org/a.txt", "s3://bucket/key", "hub://org/name", "there.txt"],
        [Path("nowhere.txt"), "also nowhere"],
        pd.Series(["there.txt", "folder"]),
        np.array(["there.txt"]),
        pl.Series(["bare"]),
        pa.array(["bare"]),
        {"there.txt": 1}.keys(),
    ],
)
def test_paths_are_taken_as_they_were_named(data: Any) -> None:
    expected = [data] if isinstance(data, str | Path) else data
    expected = expected.to_pylist() if isinstance(expected, pa.Array) else expected
    assert given(data) == tuple(map(str, expected))


@pytest.mark.parametrize(
    "data",
    [
        ["a text", "another text, of words"],
        ["", "word"],
        ("and/or is a word of a text", "two\nlines.txt"),
        ["what? [no], *nothing* is here"],
        ["see https://example.org for more"],
        ["x" * 5_000 + ".txt", "with a \0 byte"],
        ["word", None, 5],
        pd.Series(["a", None]),
        np.array(["a", "b"]),
        pl.Series(["a", "b"]),
        pa.array(["a", "b"]),
        pa.chunked_array([["a"], ["b"]]),
        datasets.Dataset.from_dict({"text": ["a", "b"]})["text"],
        {"key": "a text"}.values(),
    ],
)
def test_a_collection_without_anything_like_a_path_is_texts(data: Any) -> None:
    values = data.to_pylist() if hasattr(data, "to_pylist") else list(data)
    assert [str(each) for each in texts(data)] == [str(each) for each in values]


def test_an_iterator_is_texts_whatever_they_look_like() -> None:
    assert texts(iter(["there.txt", "folder"])) == ["there.txt", "folder"]
    assert texts(name for name in ("there.txt",)) == ["there.txt"]
    assert texts(iter(())) == []

    class Again:
        def __iter__(self) -> Iterator[str]:
            return iter(["bare"])

    assert texts(Again()) == ["bare"]


def test_an_iterator_of_paths_is_paths() -> None:
    assert given(Path().glob("*.txt")) == ("there.txt",)
    with pytest.raises(UsageError, match="5 is not a path"):
        given(iter([Path("there.txt"), 5]))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (["there.txt", "a text"], r"'there.txt' is the path of something, and 'a text' is not.*Path\(p\).*iter\("),
        (["a text", "there.txt"], "'there.txt' is the path of something"),
        (["there.txt", None], "'there.txt' is the path of something, and None is not"),
        (["missing.jsonl"], "'missing.jsonl' looks like a path, but nothing is there"),
        (["a text", "missing.jsonl.gz"], "looks like a path"),
        (["missing.json"], "looks like a path"),
        (["folder/missing"], "looks like a path"),
        (["*.parquet"], "looks like a path"),
        (["folder/**/*.parquet"], "looks like a path"),
        (["/**/"], "looks like a path"),
        (["nothing://example"], "looks like a path"),
        (["and/or"], "looks like a path"),
        ([], "is empty"),
        (pd.Series([], dtype=object), "is empty"),
        ({"a", "b"}, "a set has no order"),
        (b"bytes", "is bytes"),
        ({"text": ["a"]}, "a dict can't be counted"),
        (datasets.DatasetDict({"train": 1, "test": 2}), r"is a DatasetDict .*\(train, test\); pass .*data\['train'\]"),
        (np.array([["a"], ["b"]]), "an array of 2 dimensions"),
        (pl.DataFrame({"text": ["a"]}).lazy(), "LazyFrame can't be counted; pass paths"),
        ([{"text": "a"}], r"the items are records, not texts; pass a table of them, such as pandas\.DataFrame"),
        (iter([{"text": "a"}]), "the items are records"),
        (5, "int can't be counted"),
        (None, "NoneType can't be counted"),
    ],
)
def test_what_may_be_either_or_is_neither_is_refused(data: Any, why: str) -> None:
    with pytest.raises(UsageError, match=f"data: .*{why}"):
        given(data)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, pa.record_batch, datasets.Dataset.from_dict])
def test_frames_are_rows_even_if_their_texts_look_like_paths(make: Any) -> None:
    found = given(make({"text": ["there.txt"]}))

    assert isinstance(found, Rows)
    assert [dict(chunk) for chunk in found.chunks({"text"})] == [{"text": ["there.txt"]}]


@given_values(st.lists(st.text(), min_size=1))
def test_strings_are_all_texts_all_paths_or_refused(strings: list[str]) -> None:
    try:
        found = given(strings)
    except UsageError:
        return
    assert found == tuple(strings) or list(found.values) == strings  # type: ignore[union-attr]
