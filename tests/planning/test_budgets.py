"""Budgets from FLOPs, parameters, tokens or hardware."""

import math

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.laws.embedding_params import as_counted
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for, spending
from tokaudit.planning.hardware import Hardware
from tokaudit.planning.plan import Budget

pytestmark = pytest.mark.usefixtures("made_reference")


@pytest.mark.parametrize("name", LAWS.names())
def test_parameters_or_tokens_alone_are_the_budget_of_their_optimal_run(name: str) -> None:
    law = LAWS.get(name)
    assert law.optimum(budget_for(law, params=7e10).flops).params == pytest.approx(as_counted(law, 7e10))
    assert law.optimum(budget_for(law, tokens=1.4e12).flops).tokens == pytest.approx(1.4e12)


def test_parameters_and_tokens_are_a_run_as_given() -> None:
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
def test_a_budget_that_no_run_has_is_refused(budget: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        budget_for(LAWS.get("besiroglu2024"), **budget)


BESIROGLU = LAWS.get("besiroglu2024")


def test_hardware_is_a_budget_by_itself() -> None:
    numbers = {"gpus": 1024, "days": 30, "mfu": 0.5}
    budget, hardware, notes = spending(BESIROGLU, numbers, "h100 sxm", priced=False)
    assert budget.flops == pytest.approx(989e12 * 0.5 * 1024 * 30 * 86_400)
    assert hardware == Hardware("H100 SXM", 989e12, 0.5, 1024, 30)
    assert notes[0].startswith("H100 SXM: 989 dense BF16 TFLOP/s (source: ")


def test_next_to_another_budget_hardware_says_what_a_price_is_for() -> None:
    budget, hardware, notes = spending(BESIROGLU, {"flops": 1e24, "gpus": 64}, None, priced=True)
    assert budget == Budget(1e24)
    assert hardware == Hardware("H100 SXM", 989e12, 0.4, 64)
    assert notes[0].startswith("no --gpu is given, so GPU-hours are those of H100 SXM")
    assert spending(BESIROGLU, {"flops": 1e24}, None, priced=False) == (Budget(1e24), None, [])


@pytest.mark.parametrize(
    ("numbers", "gpu", "priced", "why"),
    [
        ({"flops": 1e24, "gpus": 8}, None, False, "--gpus: also needs --gpu NAME"),
        (
            {"flops": 1e24},
            "alpha",
            False,
            "--gpu: needs a price next to --flops; pass --price-gpu-hour, or leave out --gpu",
        ),
        ({"flops": 1e24, "gpus": 8, "days": 2}, "alpha", True, "are a budget by themselves; leave out --flops"),
        ({"gpus": 8}, "alpha", True, "--gpu: also needs --days"),
        ({}, None, True, "needs one budget"),
    ],
)
def test_no_budget_or_two_are_refused(numbers: dict[str, float], gpu: str | None, priced: bool, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        spending(BESIROGLU, numbers, gpu, priced=priced)
