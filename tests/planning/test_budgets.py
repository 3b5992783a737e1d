"""Budgets from FLOPs, params, tokens or hardware."""

import math

import pytest

from tokaudit.errors import UsageError
from tokaudit.laws import LAWS
from tokaudit.laws._embedding import as_counted
from tokaudit.plan import Budget
from tokaudit.planning.budgets import budget_for


@pytest.mark.parametrize("name", LAWS.names())
def test_params_or_tokens_alone_are_the_budget_of_their_optimal_run(name: str) -> None:
    law = LAWS.get(name)
    assert law.optimum(budget_for(law, params=7e10).flops).params == pytest.approx(as_counted(law, 7e10))
    assert law.optimum(budget_for(law, tokens=1.4e12).flops).tokens == pytest.approx(1.4e12)


def test_params_and_tokens_are_a_run_as_given() -> None:
    assert budget_for(LAWS.get("besiroglu2024"), params=7e10, tokens=1.4e12) == Budget(5.88e23, 7e10, 1.4e12)


@pytest.mark.parametrize(
    "budget",
    [
        {},
        {"flops": 1e24, "params": 1e9},
        {"flops": 1.0},
        {"flops": 1e60},
        {"flops": math.nan},
        {"flops": math.inf},
        {"flops": -1e24},
        {"params": 0.0},
        {"params": 1e300},
        {"tokens": 1e300},
        {"params": 1e-3, "tokens": 1e27},
    ],
)
def test_a_budget_of_no_run_is_refused(budget: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        budget_for(LAWS.get("besiroglu2024"), **budget)
