"""``tokaudit stocks``."""

import csv
import json

import pytest
from click.testing import Result
from made.invoked import invoked
from made.reference import STOCKS

from tokaudit.core.errors import UsageError

pytestmark = pytest.mark.usefixtures("made_reference")

FIELDS = "stock domain adjusted value low high level unit year method kind source note".split()


def stocks(*arguments: str) -> Result:
    return invoked("stocks", *arguments)


def test_json_has_every_estimate_with_all_its_fields() -> None:
    rows = json.loads(stocks("--format", "json").stdout)["rows"]
    assert len(rows) == len(STOCKS)
    assert all(list(row) == FIELDS for row in rows)
    (web,) = [row for row in rows if row["stock"] == "all pages"]
    assert (web["value"], web["low"], web["high"], web["level"]) == (510e12, 130e12, 2100e12, 0.95)
    (code,) = [row for row in rows if row["stock"] == "public programs"]
    assert (code["value"], code["low"], code["unit"]) == (0.78e12, None, "tokens")


def test_domain_and_adjustment_filter_the_rows() -> None:
    done = stocks("--domain", "web", "--adjusted", "repetition", "--format", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert len(rows) == 2
    assert {(row["domain"], row["adjusted"]) for row in rows} == {("web", "repetition")}
    assert "never add them up" in done.stderr


def test_two_filters_may_match_nothing() -> None:
    assert json.loads(stocks("--domain", "books", "--adjusted", "repetition", "--format", "json").stdout)["rows"] == []


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_the_table_has_numbers_and_units(fmt: str) -> None:
    line = next(line for line in stocks("--format", fmt, "--quiet").stdout.splitlines() if "every book" in line)
    assert "21.0T" in line
    assert "tokens" in line


def test_an_unknown_domain_lists_the_known() -> None:
    failure = stocks("--domain", "poems").exception
    assert isinstance(failure, UsageError)
    assert "known: books, code, encyclopedia" in str(failure)
