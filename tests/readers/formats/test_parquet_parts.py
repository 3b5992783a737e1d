"""Parquet in parts: together they have what the whole file has."""

import io
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats.parquet import READER
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import PartEnd

Stored = Callable[[str, bytes], InputFile]


def parquet(texts: list[str | None], rows: int, column: str = "text") -> bytes:
    """A file with row groups of so many rows."""
    sink = io.BytesIO()
    pq.write_table(pa.table({column: pa.array(texts, pa.string())}), sink, row_group_size=rows)
    return sink.getvalue()


def everything(found: Any) -> list[tuple[Any, ...]]:
    """Documents and bad records with their places."""
    seen: list[tuple[Any, ...]] = []
    for each in found:
        if isinstance(each, TextBatch):
            seen += list(zip(each.ordinal.tolist(), each.text.to_pylist(), strict=True))
        elif isinstance(each, BadRecord):
            seen.append((each.ordinal, each.code, each.why))
        else:
            assert each == PartEnd()
    return sorted(seen, key=repr)


@settings(deadline=None, max_examples=60)
@given(
    texts=st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=9)), max_size=40),
    rows=st.integers(1, 12),
    size=st.integers(1, 900),
)
def test_the_parts_of_a_file_have_what_the_whole_file_has(
    stored: Stored, texts: list[str | None], rows: int, size: int
) -> None:
    file = stored("a.parquet", parquet(texts, rows))
    parts = READER.parts(file, ReadOptions(), size)
    found = [each for part in parts for each in everything(READER.read_part(file, ReadOptions(), part))]

    assert sorted(found, key=repr) == everything(READER.read(file, ReadOptions()))
    assert [part.first for part in parts] == [place == 0 for place in range(len(parts))]
    assert [part.last for part in parts] == [place == len(parts) - 1 for place in range(len(parts))]


def test_row_groups_are_put_together_until_they_are_large_enough(stored: Stored) -> None:
    file = stored("a.parquet", parquet(["text"] * 80, 10))
    parts = READER.parts(file, ReadOptions(), file.size // 4)

    assert [(part.begin, part.end) for part in parts] == [(0, 2), (2, 4), (4, 6), (6, 8)]
    assert [part.stored for part in parts] == [file.size * share // 4 for share in (1, 2, 3, 4)]


@pytest.mark.parametrize("data", [b"", b"no Parquet", b"PAR1" + bytes(20)])
def test_a_file_that_can_not_be_read_has_no_parts(stored: Stored, data: bytes) -> None:
    assert READER.parts(stored("a.parquet", data), ReadOptions(), 1) == ()


def test_a_part_of_a_file_without_the_column_has_the_fault_of_the_file(stored: Stored) -> None:
    file = stored("a.parquet", parquet(["text"] * 8, 2, column="other"))
    parts = READER.parts(file, ReadOptions(), 1)

    assert len(parts) == 4
    assert {row[:2] for part in parts for row in everything(READER.read_part(file, ReadOptions(), part))} == {
        (None, "no_text")
    }
