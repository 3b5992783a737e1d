"""Values as people see them."""

from typing import TYPE_CHECKING, Any

import pytest

from tokaudit.reports.cells import cell, shown
from tokaudit.reports.layout import Column
from tokaudit.reports.protocol import ForPeople, Table

if TYPE_CHECKING:
    from tokaudit.core.rows import Row


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "yes"),
        (1234567, "1,234,567"),
        (0.123456, "0.123"),
        (1875.4, "1,875"),
        (999.7, "1,000"),
        (8.05e9, "8.05e9"),
        (1e25, "1e25"),
        (2e-7, "2e-7"),
        (1e-100, "1e-100"),
        (float("nan"), "nan"),
        ("a\x1bb", r"a\x1bb"),
    ],
)
def test_a_value_has_three_digits_and_no_control_characters(value: Any, text: str) -> None:
    assert cell(value, "x") == text


def test_a_year_has_no_comma() -> None:
    assert cell(2024, "year") == "2024"


def test_the_name_of_a_column_has_no_control_characters() -> None:
    assert shown(Table(("a\x1b[31m\nb",), [{"a\x1b[31m\nb": 1}])) == [Column(r"a\x1b[31m\x0ab", ("1",), right=True)]


def test_columns_have_words_alignment_and_prose() -> None:
    people = ForPeople(("name", "tokens", "why"), words={"tokens": "{:.1e}".format}, prose=("why",))
    rows: list[Row] = [{"name": "a", "tokens": 5e9, "why": "it is so", "hidden": 1}, {"name": "b"}]

    assert shown(Table(("name", "tokens", "why", "hidden"), rows, people=people)) == [
        Column("name", ("a", "b")),
        Column("tokens", ("5.0e+09", "-"), right=True),
        Column("why", ("it is so", "-"), prose=True),
    ]
