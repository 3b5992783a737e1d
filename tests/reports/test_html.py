"""Tables in a notebook."""

from typing import Any

from made.html_pages import read

from tokaudit.reports.html import table_html
from tokaudit.reports.protocol import ForPeople, Table


def test_a_table_has_texts_rows_and_notes_all_escaped() -> None:
    rows: list[dict[str, Any]] = [{"name": "<b>&", "size": 1.5}, {"name": None, "size": 2}]
    page = table_html(Table(("name", "size"), rows, notes=["a < b"], people=ForPeople(before=["x & y"])))
    shape = read(page)

    assert [text for text in shape.texts if text.strip()] == ["x & y", "name", "size", "<b>&", "1.5", "-", "2", "a < b"]
    assert "<b>" not in page


def test_a_long_table_says_how_many_rows_are_left_out() -> None:
    page = table_html(Table(("n",), [{"n": n} for n in range(1205)]), most=5)

    assert page.count("<tr>") == 6
    assert "1,200 more rows" in page


def test_headings_are_words_on_a_page_and_names_in_a_notebook() -> None:
    table = Table(("tokens_seen",), [{"tokens_seen": 3}])
    assert ">tokens seen</th>" in table_html(table, spaced=True)
    assert ">tokens_seen</th>" in table_html(table)
