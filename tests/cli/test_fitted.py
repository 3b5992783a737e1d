"""Text that fits into a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.cli.fitted import Part, ending, fitted
from tokaudit.reports.wrap import beginning, cell_len


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert [beginning("中文字", room) for room in (6, 5, 4, 3, 2)] == ["中文字", "中文…", "中…", "中…", "…"]
    assert ending("/数据/e\u0301t\u0301e\u0301", 5) == "…/e\u0301t\u0301e\u0301"


def test_the_least_important_part_is_left_out_first() -> None:
    parts = [Part(9, "counting 50%"), Part(1, "bar"), Part(8, "about 9 s left"), Part(5, "")]

    assert fitted(parts, 80) == "counting 50% · bar · about 9 s left"
    assert fitted(parts, 32) == "counting 50% · about 9 s left"
    assert fitted(parts, 20) == "counting 50%"
    assert fitted(parts, 8) == "countin…"


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (40, "/data/crawl/2024/part-00017.jsonl.zst"),
        (36, "…/crawl/2024/part-00017.jsonl.zst"),
        (30, "…/2024/part-00017.jsonl.zst"),
        (24, "…/part-00017.jsonl.zst"),
        (10, "…jsonl.zst"),
        (1, "…"),
        (0, ""),
    ],
)
def test_a_path_is_shortened_at_its_folders(room: int, shown: str) -> None:
    assert ending("/data/crawl/2024/part-00017.jsonl.zst", room) == shown


@given(st.text(max_size=60), st.integers(0, 70))
def test_a_shortened_text_never_takes_more_room(text: str, room: int) -> None:
    assert cell_len(beginning(text, room)) <= room
    assert cell_len(ending(text, room)) <= room


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=20)), max_size=6), st.integers(0, 90))
def test_parts_never_take_more_room(parts: list[tuple[int, str]], room: int) -> None:
    assert cell_len(fitted([Part(*part) for part in parts], room)) <= room
