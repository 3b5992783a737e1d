"""Questions in SQL, asked from Python."""

from datetime import date

import pytest
from made.samples import Counted

from tokaudit.audit.queries import answer_query
from tokaudit.core.errors import UsageError


def test_values_of_python_are_parameters_of_sql(counted: Counted) -> None:
    values = {"n": 3, "x": 0.5, "yes": True, "no": None, "day": date(2024, 1, 2), "text": "a'b"}
    sql = "select $n + 1 as n, $x as x, $yes as yes, $no as no, $day + 1 as day, $text as text"
    (row,) = answer_query(counted.catalog, sql, values, None, None).rows

    assert row == {"n": 4, "x": 0.5, "yes": True, "no": None, "day": date(2024, 1, 3), "text": "a'b"}


def test_values_of_python_are_parameters_of_shipped_queries(counted: Counted) -> None:
    two = answer_query(counted.catalog, "largest_documents", {"limit": 2, "tokenizer": None}, None, None)

    assert [row["source"] for row in two.rows] == ["blog", "books"]
    with pytest.raises(UsageError, match=r"limit: datetime\.date"):
        answer_query(counted.catalog, "largest_documents", {"limit": date(2024, 1, 2)}, None, None)
