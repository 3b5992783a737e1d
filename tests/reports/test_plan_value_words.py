"""Serving, time, money and the value of more data, in words."""

import re
from dataclasses import replace

import pytest
from made.plans import make_plan
from made.reference import REPEATED_RUNS

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.hardware import Hardware
from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_value_words import value_rows
from tokaudit.supply.types import DomainSupply, Supply


def made(law_name: str = "besiroglu2024", *, price: float | None = 2.0, gpus: float | None = 1000) -> Plan:
    law = LAWS.get(law_name)
    supply = Supply((DomainSupply("code", 5e13), DomainSupply("web", 1e12)), "a test")
    return make_plan(
        law_name,
        law,
        budget_for(law, flops=1e25),
        supply,
        {"code": 0.4, "web": 0.6},
        tokens_served=1e13,
        repeated_runs=REPEATED_RUNS,
        hardware=Hardware("X", 1e15, 0.4, gpus),
        price_gpu_hour=price,
    )


def test_every_part_is_a_row() -> None:
    found = dict(value_rows(made()))
    assert list(found)[:5] == [
        "serving 10.0T tokens",
        "1 % more lowers the loss by",
        "time",
        "cost",
        "one epoch of web",
    ]
    assert found["time"] == "6.94M GPU-hours of X at an MFU of 0.4: 1,000 GPUs for 289 days"
    assert re.fullmatch(r"13.9M, of which [\d.]+[KM] is due to missing data", found["cost"])
    assert "unique web" in found["1 % more lowers the loss by"]
    assert "unique code" not in found["1 % more lowers the loss by"]  # there is more than enough
    assert found["one epoch of web"].endswith(" per million tokens")


def test_tokens_that_were_asked_for_are_not_called_an_epoch() -> None:
    rows = [row for row in made().worth or () if row.domain == "web"]
    asked = replace(made(), worth=tuple(replace(row, fills_epoch=False) for row in rows))
    found = dict(value_rows(asked))
    assert "more of web" in found
    assert "one epoch of web" not in found


def test_without_a_price_or_devices_there_is_no_cost_and_no_days() -> None:
    found = dict(value_rows(made(price=None, gpus=None)))
    assert "cost" not in found
    assert found["time"] == "6.94M GPU-hours of X at an MFU of 0.4"
    assert found["one epoch of web"].endswith(" %)")


@pytest.mark.parametrize("price", [None, 2.0])
def test_a_law_without_a_loss_gives_tokens_only(price: float | None) -> None:
    found = dict(value_rows(made("porian2024", price=price)))
    assert found["one epoch of web"].endswith(" more tokens")
    assert "1 % more lowers the loss by" not in found
    assert found.get("cost") == (None if price is None else "13.9M")
    assert not any("the law says" in value for value in found.values())
