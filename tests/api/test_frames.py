"""Answers as frames: types that lose nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tokaudit.api.frames import as_json, to_frame
from tokaudit.audit.answer import Answer
from tokaudit.catalog.connection import open_in_memory
from tokaudit.catalog.statements import column_types, fetch_table


def asked(sql: str) -> pd.DataFrame:
    with open_in_memory() as connection:
        columns, rows = fetch_table(connection, sql, {})
        return to_frame(Answer(columns, rows, {"a": (1, None)}, ("note",), types=column_types(connection)))


TYPES: list[tuple[str, str, Any]] = [
    ("9007199254740993::bigint", "Int64", 9007199254740993),
    ("7::utinyint", "Int64", 7),
    ("18446744073709551615::ubigint", "UInt64", 2**64 - 1),
    ("12::hugeint", "Int64", 12),
    ("170141183460469231731687303715884105727::hugeint", "object", 2**127 - 1),
    ("sum(5)", "Int64", 5),
    ("0.1::double", "Float64", 0.1),
    ("'infinity'::double", "Float64", float("inf")),
    ("0.5::float", "Float64", 0.5),
    ("1.25", "Float64", 1.25),
    ("1.25::decimal(38,2)", "object", Decimal("1.25")),
    ("'text'", "string", "text"),
    ("'a'::enum('a', 'b')", "string", "a"),
    ("'00000000-0000-0000-0000-000000000001'::uuid", "string", "00000000-0000-0000-0000-000000000001"),
    ("true", "boolean", True),
    ("date '2020-01-02'", "datetime64[s]", pd.Timestamp("2020-01-02")),
    ("timestamp '2020-01-02 03:04:05.000006'", "datetime64[us]", pd.Timestamp("2020-01-02T03:04:05.000006")),
    ("timestamptz '2020-01-02 03:04:05+00'", "datetime64[us, UTC]", pd.Timestamp("2020-01-02T03:04:05Z")),
    ("[1, 2]", "object", [1, 2]),
    ("{'a': 1}", "object", {"a": 1}),
    ("'a'::blob", "object", b"a"),
]


@pytest.mark.parametrize(("value", "kind", "expected"), TYPES, ids=[each[0][:30] for each in TYPES])
def test_each_type_keeps_its_values_and_nulls(value: str, kind: str, expected: Any) -> None:
    frame = asked(f"select {value} as v union all select null order by v nulls last")
    empty = asked(f"select {value} as v limit 0")

    assert str(frame["v"].dtype) == kind
    assert frame["v"][0] == expected
    assert pd.isna(frame["v"][1])
    assert str(empty["v"].dtype) == ("Int64" if "hugeint" in value else kind)
    assert (empty.columns.tolist(), len(empty)) == (["v"], 0)


def test_what_is_next_to_the_rows_is_as_json_has_it() -> None:
    assert asked("select 1 as a").attrs == {"a": [1, None], "warnings": ["note"]}
    assert as_json({"when": date(2020, 1, 2), "nan": float("nan")}) == {"when": "2020-01-02", "nan": None}


def test_columns_of_one_name_and_no_rows_keep_all_columns() -> None:
    assert asked("select 1 as a, 'x' as a where false").columns.tolist() == ["a", "a_1"]


def test_dates_beyond_those_of_pandas_stay_values() -> None:
    assert asked("select '290000-01-01'::date as d").columns.tolist() == ["d"]
