"""Rows of domains, against the plan that they are of."""

import pytest
from made.made_plans import made_plan
from made.plans import of_domains, plan

from tokaudit.core.rows import Row
from tokaudit.planning.curves.domains import domains

SUPPLY = {"books": 3e9, "code": 400e9, "web": 2e12}


def _rows(**budget: float) -> list[Row]:
    found = domains(of_domains(SUPPLY, {"web": 0.7, "code": 0.3, "books": 0.0}, **budget))
    assert not isinstance(found, str)
    return list(found["domains"])


def test_a_row_has_what_a_run_as_given_needs_and_uses() -> None:
    code, web = _rows(params=70e9, tokens=4e12)
    assert code["needed"] == code["used"] == pytest.approx(0.3 * 4e12)
    assert web["needed"] == web["used"] == pytest.approx(0.7 * 4e12)
    assert web["epochs"] == pytest.approx(0.7 * 4e12 / 2e12)
    assert code["verdict"] == "repeat"


def test_a_domain_without_a_share_has_no_row() -> None:
    assert [row["domain"] for row in _rows(flops=1e24)] == ["code", "web"]


def test_a_budget_uses_what_the_best_run_on_the_supply_uses() -> None:
    made = of_domains(SUPPLY, flops=1e25)
    assert made.constrained is not None
    assert made.optimal is not None
    found = domains(made)
    assert not isinstance(found, str)
    for row, share in zip(found["domains"], (3e9, 400e9, 2e12), strict=True):
        assert row["used"] == pytest.approx(made.constrained.tokens * share / sum(SUPPLY.values()))
        assert row["needed"] == pytest.approx(made.optimal.tokens * share / sum(SUPPLY.values()))


def test_nothing_is_used_where_more_compute_no_longer_helps() -> None:
    found = domains(of_domains({"web": 1e6}, flops=1e26))
    assert not isinstance(found, str)
    (row,) = found["domains"]
    assert row["used"] is row["epochs"] is None
    assert row["needed"] > row["unique"] == 1e6


def test_the_bounds_of_the_supply_are_in_the_rows() -> None:
    made = made_plan("published", budget={"flops": 1e24}).plan
    found = domains(made)
    assert not isinstance(found, str)
    known = {entry.domain: entry for entry in made.domains}
    for row in found["domains"]:
        entry = known[row["domain"]]
        assert (row["unique_low"], row["unique_high"]) == (entry.tokens_unique_low, entry.tokens_unique_high)
    assert any(row["unique_low"] for row in found["domains"])


def test_without_a_supply_a_sentence_says_so() -> None:
    assert "no supply" in domains(plan(flops=1e24))
