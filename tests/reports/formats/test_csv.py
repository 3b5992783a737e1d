"""Rows as CSV."""

import csv
import datetime as dt
import io
import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.tables import written

from tokaudit.reports.formats.csv import REPORT
from tokaudit.reports.protocol import Table


def cells(rows: list[dict[str, object]], columns: tuple[str, ...]) -> list[list[str]]:
    """The cells of the CSV, line by line."""
    return list(csv.reader(io.StringIO(written("csv", rows, columns=columns))))


def test_csv_gives_the_values_as_they_are() -> None:
    assert written("csv") == ("name,count,share,good,none\na|b,1234567,0.123456,True,\n[red],0,,False,\n")


def test_csv_keeps_commas_and_quotes() -> None:
    name = 'one,"two"'

    assert list(csv.reader(io.StringIO(written("csv", [{"name": name}], columns=("name",))))) == [["name"], [name]]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\t=1", r"'\x09=1"),
        ("\r=1", r"'\x0d=1"),
        ("a=1", "a=1"),
        ("two\nlines", r"two\x0alines"),
        ("\x1b[31m\u202e", r"\x1b[31m\u202e"),
    ],
)
def test_a_text_cell_is_no_formula_and_controls_nothing(text: str, cell: str) -> None:
    assert cells([{text: text}], columns=(text,)) == [[cell], [cell]]


def test_a_negative_number_stays_a_number() -> None:
    row = {"whole": -1, "share": -0.5, "exact": Decimal("-1.5")}
    assert cells([row], columns=tuple(row)) == [["whole", "share", "exact"], ["-1", "-0.5", "-1.5"]]


def test_texts_in_lists_are_escaped_too() -> None:
    ((_,), (cell,)) = cells([{"list": ["a\x9bb", {"k\x1b": "\u202e"}]}], columns=("list",))
    assert json.loads(cell) == [r"a\x9bb", {r"k\x1b": r"\u202e"}]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_raw_csv_gives_every_text_as_it_is(text: str) -> None:
    stream = io.StringIO(newline="")
    REPORT.raw().rows(Table(("text", text), [{"text": text, text: text}]), stream)

    read = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert list(read) == [["text", text], [text, text]]


def test_lists_in_csv_are_json() -> None:
    when = dt.datetime(2024, 1, 2, 3, 4, 5)  # noqa: DTZ001 - as DuckDB gives it
    rows = [{"list": ["a", 1, math.nan, when], "map": {1: Decimal("1.5")}}]
    ((_, _), (listed, mapped)) = csv.reader(io.StringIO(written("csv", rows, columns=("list", "map"))))

    assert json.loads(listed) == ["a", 1, None, "2024-01-02T03:04:05"]
    assert json.loads(mapped) == {"1": 1.5}
