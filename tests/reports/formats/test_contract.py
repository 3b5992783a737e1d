"""Rows, plans and corpora in every format."""

import datetime as dt
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.registry import edge, row
from made.tables import COLUMNS, written

from tokaudit.planning.plan import Plan
from tokaudit.reports.formats import REPORTS
from tokaudit.reports.json_text import to_json
from tokaudit.supply.published.browse import CorpusDetails


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_a_year_is_not_written_as_a_quantity(fmt: str) -> None:
    out = written(fmt, [{"year": 2024, "tokens": 2024}], columns=("year", "tokens"))
    assert "2,024" in out
    assert "2024" in out.split()


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_control_characters_in_names_are_escaped(fmt: str) -> None:
    out = written(fmt, [{"name": "a\x1b[31mb\nc\rd\x9be"}], columns=("name",))

    assert r"a\x1b[31mb\x0ac\x0dd\x9be" in out
    assert len(out.splitlines()) == (2 if fmt == "table" else 3)


@pytest.mark.parametrize("fmt", REPORTS.names())
def test_a_table_without_rows_has_columns_or_an_empty_list(fmt: str) -> None:
    out = written(fmt, [])

    assert json.loads(out) == {"rows": []} if fmt == "json" else all(column in out for column in COLUMNS)


@pytest.mark.parametrize("fmt", REPORTS.names())
def test_a_column_that_a_row_lacks_is_empty(fmt: str) -> None:
    assert "b" in written(fmt, [{"a": 1}, {"a": 2, "b": 3}], columns=("a", "b"))


@pytest.mark.slow
@pytest.mark.parametrize("fmt", REPORTS.names())
@pytest.mark.parametrize("details", [False, True])
def test_a_plan_names_its_domains_and_gives_its_warnings(
    fmt: str, worn_out: Plan, no_supply: Plan, *, details: bool
) -> None:
    stream = io.StringIO()
    beside = REPORTS.get(fmt).plan(replace(worn_out, warnings=("take heed",)), stream, details=details)

    assert {"books", "rare", "web"} <= set(re.findall("[a-z]+", stream.getvalue()))
    shown = " ".join([stream.getvalue(), *beside])
    assert ("take heed" in shown) == (fmt != "table" or details), "a screen has no room for it"
    REPORTS.get(fmt).plan(no_supply, stream, details=details)


@pytest.mark.parametrize("fmt", REPORTS.names())
def test_a_corpus_is_written_with_its_components(fmt: str) -> None:
    stream = io.StringIO()
    found = CorpusDetails("made", [row("made", "whole"), row("made", "half")], [], [edge("made", "overlaps", "it")], [])
    REPORTS.get(fmt).corpus(found, stream)

    assert {"whole", "half"} <= set(re.findall("[a-z]+", stream.getvalue()))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


@pytest.mark.slow
@given(VALUES)
def test_any_value_becomes_one_strict_json_document(value: Any) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(to_json({"value": value}), parse_constant=refuse)


def test_values_of_types_that_json_lacks_become_text() -> None:
    document = {
        "long": 2**70,
        "inside": [{2**70: -(2**64)}],
        "limit": [2**64 - 1, -(2**63)],
        "decimal": Decimal("0.5"),
        "numpy": np.int64(3),
        "bytes": b"\xff",
        "day": dt.date(2024, 1, 2),
        "times": [dt.time(10, tzinfo=dt.UTC), dt.time(10)],
        "keys": {Decimal("0.5"): 1, b"\xff": 2, dt.timedelta(days=1): 3, dt.time(10, tzinfo=dt.UTC): 4, 1.5: 5},
        "days": {dt.date(2024, 1, 2): 6, dt.datetime(2024, 1, 2): 7},  # noqa: DTZ001 - as DuckDB gives it
    }

    assert json.loads(to_json(document)) == {
        "long": str(2**70),
        "inside": [{str(2**70): str(-(2**64))}],
        "limit": [2**64 - 1, -(2**63)],
        "decimal": 0.5,
        "numpy": 3,
        "bytes": "b'\\xff'",
        "day": "2024-01-02",
        "times": ["10:00:00+00:00", "10:00:00"],
        "keys": {"0.5": 1, "1.5": 5, "b'\\xff'": 2, "1 day, 0:00:00": 3, "10:00:00+00:00": 4},
        "days": {"2024-01-02": 6, "2024-01-02T00:00:00": 7},
    }
