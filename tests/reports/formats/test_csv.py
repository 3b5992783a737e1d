"""Rows as CSV."""

import csv
import datetime as dt
import io
import json
import math
from decimal import Decimal

from made.tables import written


def test_csv_gives_the_values_as_they_are() -> None:
    assert written("csv") == ("name,count,share,good,none\na|b,1234567,0.123456,True,\n[red],0,,False,\n")


def test_csv_keeps_line_breaks_commas_and_quotes() -> None:
    name = 'one,\n"two"'

    assert list(csv.reader(io.StringIO(written("csv", [{"name": name}], columns=("name",))))) == [["name"], [name]]


def test_lists_in_csv_are_json() -> None:
    when = dt.datetime(2024, 1, 2, 3, 4, 5)  # noqa: DTZ001 - as DuckDB gives it
    rows = [{"list": ["a", 1, math.nan, when], "map": {1: Decimal("1.5")}}]
    ((_, _), (listed, mapped)) = csv.reader(io.StringIO(written("csv", rows, columns=("list", "map"))))

    assert json.loads(listed) == ["a", 1, None, "2024-01-02T03:04:05"]
    assert json.loads(mapped) == {"1": 1.5}
