"""Looking up fields by name, reporting missing ones, and labels as text."""

import datetime as dt
import decimal
import uuid
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from tokaudit.readers.fields.meant_fields import meant_column, meant_field
from tokaudit.readers.fields.record_paths import MISSING, as_label, find, missing_field


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"a": {"b": {"c": 1}}}, 1),
        ({"a": {"b.c": 1}}, MISSING),
        ({"a.b.c": 2, "a": {"b": {"c": 1}}}, 2),
        ({"a.b.c": None, "a": {"b": {"c": 1}}}, None),
        ({"a": {"b": 1}}, MISSING),
        ({}, MISSING),
    ],
)
def test_a_dotted_name_is_first_a_literal_key_then_a_path(record: dict[str, Any], found: object) -> None:
    assert find(record, "a.b.c") is found


def test_a_missing_field_is_reported_with_at_most_twenty_others() -> None:
    assert missing_field("field", ["x"], []) == "has no field 'x' and no others"
    assert missing_field("column", ["x", "y", "z"], ["a", "b"]) == "has no column 'x', 'y' or 'z', only 'a', 'b'"
    assert missing_field("field", ["x"], [str(n) for n in range(20)]).endswith(" '18', '19'")
    assert missing_field("field", ["x"], [str(n) for n in range(21)]).endswith(" '18', '19', …")


def test_a_missing_field_is_reported_with_the_beginnings_of_long_names() -> None:
    assert missing_field("field", ["x"], ["k" * 41, "l" * 40]) == f"has no field 'x', only '{'k' * 40}…', '{'l' * 40}'"


def test_a_name_that_nobody_would_type_is_not_advised() -> None:
    assert meant_field({"k" * 201: "a text", "b": "c"}) == "b"
    assert meant_column(pa.schema({"k" * 201: pa.string()})) is None


def test_a_file_without_the_field_is_named_with_its_option() -> None:
    reason = missing_field("column", ["text"], ["id", "my body"], "a [1].parquet", "my body")

    assert reason == (
        "has no column 'text', only 'id', 'my body'; pass --text-field 'a [[]1].parquet=my body' to read it,"
        " or --exclude 'a [[]1].parquet' to leave it out"
    )


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("text", "text"),
        (None, None),
        (MISSING, None),
        (float("nan"), None),
        (1, "1"),
        (1.0, "1.0"),
        (True, "true"),
        ([1, "a"], '[1,"a"]'),
        ({1: "é"}, '{"1":"é"}'),
        (b"caf\xe9", "caf\ufffd"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (decimal.Decimal("1.50"), "1.50"),
        (dt.timedelta(seconds=90), "0:01:30"),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (pd.Period("2024-01", "M"), "2024-01"),
        (pd.Timestamp("2024-01-02"), "2024-01-02T00:00:00"),
        ([dt.timedelta(seconds=90)], '["0:01:30"]'),
    ],
)
def test_a_label_is_the_text_itself_or_compact_json(value: Any, label: str | None) -> None:
    assert as_label(value) == label
