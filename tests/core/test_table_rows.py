"""Tables from Python as rows."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tokaudit.core.errors import UsageError
from tokaudit.core.table_rows import given_table, is_missing, is_table

COLUMNS = {"name": ["a", "b"], "size": [1, 2]}
RECORDS = [{"name": "a", "size": 1}, {"name": "b", "size": 2}]


class Polars:
    """A frame that gives its rows as polars does."""

    columns = ("name", "size")

    def iter_rows(self) -> Iterable[Any]:
        """The rows."""
        return iter([("a", 1), ("b", 2)])


TABLES = [pd.DataFrame(COLUMNS), pa.table(COLUMNS), Polars(), RECORDS, tuple(RECORDS), COLUMNS]


@pytest.mark.parametrize("table", TABLES, ids=[type(each).__name__ for each in TABLES])
def test_every_kind_of_table_gives_the_same_rows(table: Any) -> None:
    found = given_table(table, "x")

    assert found.columns == ["name", "size"]
    assert list(found.named()) == RECORDS


def test_only_columns_by_name_may_be_something_else_than_a_table() -> None:
    assert [is_table(each) for each in TABLES] == [True] * 5 + [False]
    assert not any(is_table(each) for each in ("text", 5, None, {"web": 1}, [1]))


def test_rows_that_lack_a_column_are_empty_there() -> None:
    found = given_table([{"a": 1}, {"b": 2}], "x")

    assert list(found.named()) == [{"a": 1, "b": None}, {"a": None, "b": 2}]


def test_names_of_columns_are_text_and_may_occur_twice() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=["a ", "a", 5])

    assert given_table(frame, "x").columns == ["a", "a", "5"]


@pytest.mark.parametrize("value", [5, "text", None, [1], {"a": 1}, {"a": "text"}])
def test_what_is_not_a_table_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match=r"^x: .* is not a table; give a data frame, columns by name, or rows"):
        given_table(value, "x")


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(UsageError, match=r"x: the columns have different lengths \(a: 1, b: 2\)"):
        given_table({"a": [1], "b": [1, 2]}, "x")


@pytest.mark.parametrize("value", ["", " ", None, math.nan, np.float32("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_known(value: object) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", ["a", 0, 0.0, False, [], math.inf, np.array([1, 2])])
def test_other_values_are_not_missing(value: object) -> None:
    assert not is_missing(value)
