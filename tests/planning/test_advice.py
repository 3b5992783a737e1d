"""Advice: its order, and each of its shares against another plan."""

from typing import Any

import pytest
from made.plans import make_plan, supply

from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.published import LAWS
from tokaudit.laws.published.besiroglu2024 import LAW
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan

HAVE = {"web": 5e12, "code": 2e10, "books": 1e10}
SHARES = {"web": 0.6, "code": 0.3, "books": 0.1}


def planned(
    have: dict[str, float],
    shares: dict[str, float] | None,
    law: ScalingLaw = LAW,
    *,
    max_epochs: float | None = None,
    **budget: Any,
) -> Plan:
    return make_plan("a law", law, budget_for(law, **budget), supply(**have), shares, max_epochs=max_epochs)


@pytest.mark.slow
@pytest.mark.parametrize("budget", [{"flops": 1e24}, {"params": 280e9, "tokens": 6e11}], ids=["budget", "run"])
@pytest.mark.parametrize("most", [None, 30.0], ids=["no limit", "limit"])
def test_each_share_is_that_of_another_plan(budget: dict[str, Any], most: float | None) -> None:
    made = planned(HAVE, SHARES, max_epochs=most, **budget)
    now, flops = made.compute_equivalent_share, made.budget.flops
    assert now is not None
    assert made.mixture_suggested is not None
    expected = {
        "change": planned(HAVE, dict(made.mixture_suggested), max_epochs=most, **budget).compute_equivalent_share,
        "double": 2 * (planned(HAVE, SHARES, max_epochs=most, flops=2 * flops).compute_equivalent_share or 0),
    }
    if "params" in budget:
        expected["train"] = planned(HAVE, SHARES, max_epochs=most, flops=flops).compute_equivalent_share
    for entry in made.domains:
        assert entry.tokens_unique is not None
        if entry.tokens_needed > entry.tokens_unique:
            more = {**HAVE, entry.domain: entry.tokens_needed}
            expected[entry.domain] = planned(more, SHARES, max_epochs=most, **budget).compute_equivalent_share
    useful = {name: share for name, share in expected.items() if share is not None and share - now >= 0.01}
    assert {each.domain or each.do.split()[0]: each.compute_equivalent_share for each in made.advice} == pytest.approx(
        useful, rel=1e-6
    )
    assert len(useful) >= 2


def test_what_is_free_comes_first_then_what_gains_most() -> None:
    made = planned(HAVE, SHARES, params=280e9, tokens=6e11)
    assert len(made.advice) >= 4
    order = [(not each.free, -each.compute_equivalent_share) for each in made.advice]
    assert order == sorted(order)
    assert made.advice[0].free
    assert not made.advice[-1].free


def test_tokens_to_get_are_those_of_one_epoch() -> None:
    made = planned(HAVE, SHARES, params=280e9, tokens=6e11)
    assert {each.domain: each.tokens for each in made.advice if each.domain} == pytest.approx(
        {"code": 0.3 * 6e11 - 2e10, "books": 0.1 * 6e11 - 1e10}
    )


def test_what_gains_less_than_a_hundredth_is_left_out() -> None:
    made = planned({"web": 1e15}, None, params=70e9, tokens=1.4e12)
    now = made.compute_equivalent_share
    assert now is not None
    assert [each.do.split()[0] for each in made.advice] == ["double"]  # its split is within 1 % of the best
    assert all(each.compute_equivalent_share - now >= 0.01 for each in made.advice)


def test_a_mixture_that_is_not_feasible_is_not_advised() -> None:
    made = planned({"web": 1e10, "code": 1e9}, {"web": 0.5, "code": 0.5}, flops=1e22)
    assert not any(each.do.startswith("change") for each in made.advice)


def test_double_the_compute_may_exceed_the_budget() -> None:
    made = planned({"web": 1e15}, None, flops=1e24)
    (double,) = made.advice
    assert double.compute_equivalent_share == pytest.approx(2)


def test_no_size_is_advised_if_compute_no_longer_helps() -> None:
    made = planned({"web": 1e9}, None, params=1e12, tokens=1e12)
    assert made.constrained is None
    assert not any(each.do.startswith("train") for each in made.advice)


def test_far_beyond_the_data_the_size_is_a_range() -> None:
    made = planned({"web": 4e8}, None, LAWS.get("muennighoff2023"), params=3e9, tokens=7.9e19 / 6 / 3e9)
    assert made.far_beyond_data
    (size,) = (each for each in made.advice if each.do.startswith("train"))
    assert "sources disagree" in size.do
    assert "506M" not in size.do


@pytest.mark.parametrize("law", ["porian2024", "kaplan2020"])
def test_a_law_without_a_loss_gives_no_advice(law: str) -> None:
    assert planned(HAVE, SHARES, LAWS.get(law), flops=1e24).advice == ()


def test_without_a_verdict_there_is_no_advice() -> None:
    assert make_plan("a law", LAW, budget_for(LAW, flops=1e24), supply()).advice == ()
