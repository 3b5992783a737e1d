"""Tables and plans in a notebook."""

from html.parser import HTMLParser
from typing import Any

from made.plans import of_domains

from tokaudit.planning.plan import Plan
from tokaudit.reports.html import plan_html, table_html
from tokaudit.reports.plan_steps import steps
from tokaudit.reports.plan_verdict import verdict
from tokaudit.reports.protocol import ForPeople, Table


class Shape(HTMLParser):
    """The text of a page, and whether each element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        """Close the element opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.texts.append(data)


def read(page: str) -> Shape:
    shape = Shape()
    shape.feed(page)
    shape.close()
    assert shape.open == []
    assert shape.attributes <= {"style"}
    return shape


def test_a_plan_is_its_sentences_its_domains_and_its_notes(worn_out: Plan) -> None:
    shape = read(plan_html(worn_out))

    assert shape.texts[0] == verdict(worn_out)
    assert [text for text in steps(worn_out) if text not in shape.texts] == []
    assert {entry.domain for entry in worn_out.domains} <= set(shape.texts)
    assert {f"Note: {note}." for note in worn_out.notes} <= set(shape.texts)
    assert any(text.startswith("Law: besiroglu2024. Supply: ") for text in shape.texts)


def test_a_plan_without_a_supply_has_no_table(no_supply: Plan) -> None:
    assert "<table" not in plan_html(no_supply)


def test_hostile_names_and_notes_are_text(hostile: Plan) -> None:
    read(plan_html(hostile))


def test_many_domains_are_cut_and_their_number_is_said() -> None:
    page = plan_html(of_domains({f"d{place:04}": 1e9 for place in range(3000)}, flops=1e24))

    assert page.count("<tr>") == 51
    assert "2,950 more domains" in page


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
