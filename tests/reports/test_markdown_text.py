"""Text and tables in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.overviews import HOSTILE
from markdown_it import MarkdownIt

from tokaudit.reports.markdown_text import plain, table_lines
from tokaudit.reports.protocol import Table
from tokaudit.reports.readable import readable, readable_name

PARSER = MarkdownIt("commonmark").enable("table")


def shown(lines: list[str]) -> list[str]:
    """The texts of the cells, and of everything else that is not text, its kind."""
    inline = [token.children or [] for token in PARSER.parse("\n".join(lines)) if token.type == "inline"]
    return ["".join(each.content if each.type == "text" else f"<{each.type}>" for each in of) for of in inline]


def plain_words(text: str) -> str:
    """The words of a text on one line."""
    return readable(" ".join(text.split()))


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert shown([f"of {plain(text)}."]) == [f"of {plain_words(text)}."]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    assert shown([f"of {plain(name)}"]) == [f"of {plain_words(name)}"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_in_its_cell(name: str) -> None:
    lines = table_lines(Table((name, "n"), [{name: name, "n": 1}]))
    words = " ".join(readable_name(name).split())

    assert shown(lines) == [words, "n", words, "1"]


def test_numbers_are_aligned_to_the_right() -> None:
    assert table_lines(Table(("a", "n"), [{"a": "x", "n": 1}])) == ["| a | n |", "|---|---:|", "| x | 1 |"]
