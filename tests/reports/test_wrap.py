"""Text wrapped at blanks."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.reports.wrap import GLUE, cell_len, glued, longest_word, terminal_width, wrap

WORDS = st.lists(st.text("ab/5.é漢", min_size=1, max_size=12), min_size=1, max_size=12)


@given(WORDS, st.integers(1, 40))
def test_words_stay_whole_and_in_order(words: list[str], width: int) -> None:
    lines = wrap(" ".join(words), width)

    assert " ".join(lines).split() == words
    assert all(cell_len(line) <= width or " " not in line for line in lines)


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert [cell_len(text) for text in ("abc", "中文", "e\u0301", "🙂", "é", "")] == [3, 4, 1, 2, 1, 0]


def test_later_lines_are_indented_if_there_is_room() -> None:
    assert wrap("  one two three", 9, "    ") == ["  one two", "    three"]
    assert wrap("one muchlonger", 9, "    ") == ["one", "muchlonger"]


def test_a_name_that_is_glued_stays_on_one_line() -> None:
    assert wrap(f"it is {glued('Common Pile v0.1')} of", 18) == ["it is", "Common Pile v0.1", "of"]
    assert wrap(f"a{GLUE}b", None) == ["a b"]


def test_a_percentage_stays_with_its_number() -> None:
    assert wrap("it is 92 % of it", 9) == ["it is", "92 % of", "it"]
    assert longest_word("a 92 %") == 4


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_off_a_terminal_there_is_no_width() -> None:
    assert terminal_width(io.StringIO()) is None
    assert wrap("a " * 500, None) == ["a " * 500]


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("0", 80), ("many", 80)])
def test_a_terminal_s_width_can_be_set(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width(Terminal()) == width
