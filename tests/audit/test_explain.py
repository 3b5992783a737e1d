"""Codes and rules, explained."""

from typing import get_args

import pytest

from tokaudit.audit.explain import explain
from tokaudit.core.bad_codes import BadCode
from tokaudit.core.errors import UsageError
from tokaudit.core.left_out_rules import RULES


def test_every_code_and_every_rule_is_explained_once() -> None:
    rows = explain(None)
    codes = [row["code"] for row in rows if row["of"] == "bad record"]
    rules = [row["code"] for row in rows if row["of"] == "left out"]

    assert codes == list(get_args(BadCode))
    assert rules == list(RULES)
    assert all(row["meaning"].endswith(".") and row["remedy"].endswith(".") for row in rows)
    assert all((row["cause"] is None) == (row["of"] == "left out") for row in rows)


def test_a_name_that_is_a_code_and_a_rule_is_explained_as_both() -> None:
    assert [row["of"] for row in explain("unreadable")] == ["bad record", "left out"]


def test_an_unknown_code_lists_the_known_each_once() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'encoding'\? \(known: malformed, encoding") as refused:
        explain("encodng")

    assert str(refused.value).count("unreadable") == 1


def test_two_rules_make_a_result_incomplete() -> None:
    assert [name for name, rule in RULES.items() if rule.incomplete] == ["unclaimed", "unreadable"]
