"""The value of more data."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import LossLaw
from tokaudit.laws.published import LAWS
from tokaudit.planning.case import BAND, PlanCase
from tokaudit.planning.plan import Budget
from tokaudit.planning.plan_value import Worth
from tokaudit.planning.value_of_data import cost, gain_per_percent, lacking, worth

LAW = LAWS.get("besiroglu2024")
SHORT = [DomainPool(0.8, 2e12), DomainPool(0.2, 1e11)]
NAMES = ["web", "code"]


def case(*pools: DomainPool, law: str = "besiroglu2024", **budget: float) -> PlanCase:
    return PlanCase.of(LAWS.get(law), Budget(**{"flops": 1e25, **budget}), pools)


def rows(of: PlanCase, money: float | None = None, more: dict[str, float] | None = None) -> list[Worth]:
    return list(worth(of, of.shares(BAND), NAMES, of.given or of.law.optimum(of.flops), more, money))


def test_the_gain_is_that_of_a_plan_with_one_epoch_of_the_domain() -> None:
    of = case(*SHORT)
    needed = 0.2 * of.law.optimum(1e25).tokens
    row = rows(of, 1e6)[1]
    after, before = case(DomainPool(0.8, 2e12), DomainPool(0.2, needed)).shares().both, of.shares().both
    assert after is not None
    assert before is not None
    assert (row.domain, row.fills_epoch) == ("code", True)
    assert row.added_tokens == pytest.approx(needed - 1e11)
    assert row.share_gain == pytest.approx(after - before)
    assert row.share_gain is not None
    assert row.share_gain > 0.01
    assert row.money == pytest.approx(row.share_gain * 1e6)
    assert row.break_even_per_million_tokens == pytest.approx(row.share_gain * 1e6 / row.added_tokens * 1e6)


def test_without_a_price_there_is_a_gain_but_no_money() -> None:
    row = rows(case(*SHORT))[0]
    assert row.share_gain
    assert row.money is None
    assert row.break_even_per_million_tokens is None


def test_a_law_without_a_loss_gives_only_the_missing_tokens() -> None:
    row = rows(case(*SHORT, law="porian2024"), 1e6)[0]
    assert row.added_tokens > 0
    assert (row.share_gain, row.share_gain_low, row.money) == (None, None, None)


def test_a_domain_that_suffices_has_no_row() -> None:
    assert [row.domain for row in rows(case(DomainPool(0.8, 1e14), DomainPool(0.2, 1e11)))] == ["code"]
    assert lacking(case(), [], LAWS.get("besiroglu2024").optimum(1e25)) == {}


def best_loss(flops: float, unique: tuple[float, float]) -> float:
    """The lowest loss over a fine grid of sizes, by arXiv:2305.16264 with the constants of besiroglu2024."""
    big_a, big_b, irreducible, alpha, beta = 482.01, 2085.43, 1.8172, 0.3478, 0.3658
    params = np.geomspace(1e9, 1e13, 40_001)
    tokens = flops / (6 * params)
    seen = np.zeros_like(params)
    usable = np.zeros_like(params)
    wanted = (beta * big_b / (alpha * big_a) * params**alpha) ** (1 / beta)
    for share, there in zip((0.8, 0.2), unique, strict=True):
        used = np.minimum(share * tokens, there)
        seen += used + used * 15.39 * (1 - np.exp(-(share * tokens / used - 1) / 15.39))
        usable += np.minimum(share * wanted, there)
    matched = np.minimum(params, (alpha * big_a / (beta * big_b) * usable**beta) ** (1 / alpha))
    sized = matched + matched * 5.31 * (1 - np.exp(-(params / matched - 1) / 5.31))
    return float((irreducible + big_a / sized**alpha + big_b / seen**beta).min())


def same_without_limit(loss: float) -> float:
    """FLOPs that reach the loss with unlimited data, by bisection."""
    low, high = 1e20, 1e30
    while high / low > 1 + 1e-7:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if best_loss(middle, (1e30, 1e30)) > loss else (low, middle)
    return high


def test_break_even_agrees_with_an_independent_computation() -> None:
    price, added = 14e6, 1e11
    before, after = (same_without_limit(best_loss(1e25, (2e12, 1e11 + more))) / 1e25 for more in (0, added))
    (row,) = rows(case(*SHORT), price, {"code": added})
    assert (row.added_tokens, row.fills_epoch) == (added, False)
    assert row.share_gain == pytest.approx(after - before, rel=1e-3)
    assert row.money == pytest.approx((after - before) * price, rel=1e-3)
    assert row.break_even_per_million_tokens == pytest.approx((after - before) * price / (added / 1e6), rel=1e-3)


def test_the_first_tokens_added_have_more_value_than_the_last() -> None:
    all_of_it = rows(case(*SHORT), 1e6)[1]
    (first,) = rows(case(*SHORT), 1e6, {"code": 1e11})
    assert first.break_even_per_million_tokens is not None
    assert all_of_it.break_even_per_million_tokens is not None
    assert first.break_even_per_million_tokens > all_of_it.break_even_per_million_tokens
    (enough,) = rows(case(DomainPool(0.8, 1e14), DomainPool(0.2, 1e11)), 1e6, {"web": 1e12})
    assert enough.money == 0


@settings(max_examples=40, deadline=None)
@given(
    share=st.floats(0.01, 0.99),
    unique=st.tuples(st.floats(1e9, 1e13), st.floats(1e9, 1e13)),
    flops=st.floats(1e21, 1e26),
    split=st.none() | st.floats(0.1, 1000),
)
def test_a_gain_is_within_its_bounds_and_the_cost_of_missing_data(
    share: float, unique: tuple[float, float], flops: float, split: float | None
) -> None:
    budget = Budget(flops)
    if split:
        params = math.sqrt(flops / 6 / split)
        budget = Budget(flops, params, split * params)
    of = PlanCase.of(LAW, budget, [DomainPool(share, unique[0]), DomainPool(1 - share, unique[1])])
    lost = cost(of.shares(BAND), 1.0, 1.0).want_of_data
    assert lost is not None
    for row in rows(of):
        assert row.share_gain is not None
        assert row.share_gain_low is not None
        assert row.share_gain_high is not None
        assert 0 <= row.share_gain_low <= row.share_gain <= row.share_gain_high <= 1
        assert row.share_gain <= lost + 1e-6


def test_missing_data_costs_a_budget_one_minus_share_data() -> None:
    of = case(*SHORT)
    share = of.share_data()
    assert share is not None
    money = cost(of.shares(BAND), 1000, 2.5)
    assert money.run == 2500
    assert money.want_of_data == pytest.approx(2500 * (1 - share))


def test_the_loss_by_a_split_is_not_a_cost_of_missing_data() -> None:
    enough = case(DomainPool(1.0, 1e15), flops=5.04e23, params=280e9, tokens=300e9)
    assert enough.share_allocation() == pytest.approx(0.5, abs=0.2)
    assert cost(enough.shares(), 1000, 2).want_of_data == 0
    assert cost(case().shares(), 1000, 2).want_of_data is None
    assert cost(case(*SHORT, law="porian2024").shares(), 1000, 2).want_of_data is None


def test_one_percent_without_repeats_gains_the_elasticities() -> None:
    assert isinstance(LAW, LossLaw)
    of = case(flops=5.88e23, params=70e9, tokens=1.4e12)
    by_params, by_tokens = LAW.elasticities(70e9, 1.4e12)
    found = gain_per_percent(of, [])
    assert found is not None
    assert found.params == pytest.approx(by_params * math.log(1.01), rel=0.01)
    assert found.tokens == pytest.approx(by_tokens * math.log(1.01), rel=0.01)
    assert found.compute == pytest.approx((by_params + by_tokens) / 2 * math.log(1.01), rel=0.01)
    assert found.unique_tokens == {}


def test_one_percent_of_compute_gains_what_its_best_run_gains() -> None:
    assert isinstance(LAW, LossLaw)
    before, after = LAW.optimum(1e25), LAW.optimum(1.01e25)
    found = gain_per_percent(case(), [])
    assert found is not None
    assert found.compute == pytest.approx(LAW.loss(before.params, before.tokens) - LAW.loss(after.params, after.tokens))
    assert found.params == pytest.approx(found.tokens, rel=0.01)  # that is the optimum


def test_unique_tokens_have_value_if_they_are_repeated() -> None:
    of = case(DomainPool(0.8, 1e14), DomainPool(0.2, 1e11))
    found = gain_per_percent(of, NAMES)
    assert found is not None
    assert found.unique_tokens["web"] == 0
    assert found.unique_tokens["code"] > 0
    repeated_data = of.repeated_data
    assert repeated_data is not None
    run = repeated_data.optimum(1e25)
    more = replace(repeated_data, pools=[DomainPool(0.8, 1e14), DomainPool(0.2, 1.01e11)])
    gained = repeated_data.loss(run.params, run.tokens) - more.loss(run.params, run.tokens)
    assert found.unique_tokens["code"] == pytest.approx(gained)


def test_a_law_without_a_loss_gives_no_gain() -> None:
    assert gain_per_percent(case(law="porian2024"), []) is None
