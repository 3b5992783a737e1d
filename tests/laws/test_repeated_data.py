"""Properties of a law on a limited supply."""

import math
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.plain_laws import plain_best

from tokaudit.laws.pools import DomainPool, Pools, tokens_effective
from tokaudit.laws.protocol import LossLaw, Repetition
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import BORROWED, RepeatedDataLaw

LAW = cast("LossLaw", LAWS.get("muennighoff2023"))
TOKENS = st.floats(6, 16).map(lambda exponent: 10.0**exponent)
PARAMS = st.floats(6, 13).map(lambda exponent: 10.0**exponent)
STAR = st.floats(0.1, 1e4)


@st.composite
def pools(draw: st.DrawFn) -> list[DomainPool]:
    weights = draw(st.lists(st.floats(0.01, 1), min_size=1, max_size=5))
    return [DomainPool(weight / math.fsum(weights), draw(TOKENS)) for weight in weights]


@given(tokens=TOKENS, unique=TOKENS, r_star=STAR)
def test_effective_tokens_are_bounded_by_tokens_seen_and_by_r_star(tokens: float, unique: float, r_star: float) -> None:
    worth = tokens_effective(tokens, DomainPool(1.0, unique), r_star)
    assert 0 < worth <= tokens * (1 + 1e-12)
    assert worth <= unique * (1 + r_star) * (1 + 1e-12)


@given(unique=TOKENS, r_star=STAR, epochs=st.floats(0.1, 100), step=st.floats(0.01, 10))
def test_effective_tokens_are_concave_in_epochs(unique: float, r_star: float, epochs: float, step: float) -> None:
    before, here, after = (
        tokens_effective((epochs + shift) * unique, DomainPool(1.0, unique), r_star) for shift in (0, step, 2 * step)
    )
    assert here - before >= after - here - 1e-9 * unique
    assert here >= before


@given(tokens=TOKENS, unique=TOKENS)
def test_without_decay_repeats_count_as_new_tokens(tokens: float, unique: float) -> None:
    assert tokens_effective(tokens, DomainPool(1.0, unique), math.inf) == pytest.approx(tokens)


@given(several=pools(), params=PARAMS, tokens=TOKENS)
def test_unlimited_data_gives_the_plain_law(several: list[DomainPool], params: float, tokens: float) -> None:
    endless = [DomainPool(pool.share, 1e40) for pool in several]
    assert RepeatedDataLaw(LAW, endless, BORROWED).loss(params, tokens) == pytest.approx(
        LAW.loss(params, tokens), rel=1e-12
    )


@given(several=pools(), params=PARAMS, tokens=TOKENS)
def test_a_limited_supply_never_lowers_the_loss(several: list[DomainPool], params: float, tokens: float) -> None:
    assert RepeatedDataLaw(LAW, several, BORROWED).loss(params, tokens) >= LAW.loss(params, tokens) * (1 - 1e-12)


@given(several=pools(), params=PARAMS, tokens=TOKENS, place=st.integers(0, 4), factor=st.floats(1, 100))
def test_loss_falls_with_the_unique_tokens_of_any_domain(
    several: list[DomainPool], params: float, tokens: float, place: int, factor: float
) -> None:
    more = list(several)
    grown = more[place % len(more)]
    more[place % len(more)] = DomainPool(grown.share, grown.unique * factor)
    before, after = (RepeatedDataLaw(LAW, some, BORROWED).loss(params, tokens) for some in (several, more))
    assert after <= before * (1 + 1e-12)


@given(unique=TOKENS, parts=st.integers(2, 5), params=PARAMS, tokens=TOKENS)
def test_a_pool_split_in_proportion_gives_the_same_loss(
    unique: float, parts: int, params: float, tokens: float
) -> None:
    whole = RepeatedDataLaw(LAW, [DomainPool(1.0, unique)], BORROWED)
    cut = RepeatedDataLaw(LAW, [DomainPool(1 / parts, unique / parts)] * parts, BORROWED)
    assert cut.loss(params, tokens) == pytest.approx(whole.loss(params, tokens), rel=1e-9)


@given(flops=st.floats(18, 27).map(lambda exponent: 10.0**exponent), unique=TOKENS)
def test_the_best_run_spends_the_budget_and_is_the_best_split(flops: float, unique: float) -> None:
    on_supply = RepeatedDataLaw(LAW, [DomainPool(1.0, unique)], BORROWED)
    best = on_supply.optimum(flops)
    assert best.flops == pytest.approx(flops, rel=1e-9)
    for tilt in (0.5, 0.9, 0.99, 1.01, 1.1, 2):
        assert on_supply.loss(best.params * tilt, best.tokens / tilt) >= on_supply.best_loss(flops) * (1 - 1e-13)


@given(flops=st.floats(18, 27).map(lambda exponent: 10.0**exponent), several=pools())
def test_the_free_share_is_one_if_nothing_is_repeated(flops: float, several: list[DomainPool]) -> None:
    on_supply = RepeatedDataLaw(LAW, several, BORROWED)
    share = on_supply.free_share(flops)
    if LAW.optimum(flops).tokens <= Pools(several).once:
        assert share == 1
        assert on_supply.optimum(flops) == LAW.optimum(flops)
    else:
        assert 0 <= share <= 1


def test_parameters_beyond_what_unique_tokens_call_for_count_less() -> None:
    on_supply = RepeatedDataLaw(LAW, [DomainPool(1.0, 1e12)], Repetition(15.0, 5.0))
    matched = LAW.optimum_of_tokens(1e12).params
    assert on_supply.params_effective(matched / 2) == matched / 2
    assert on_supply.params_effective(11 * matched) == pytest.approx(matched * (1 + 5 * (1 - math.exp(-2))))


def test_unused_supply_calls_for_no_parameters() -> None:
    on_supply = RepeatedDataLaw(LAW, [DomainPool(0.5, 1e15), DomainPool(0.5, 1e10)], Repetition(15.0, 5.0))
    params = 1e11
    usable = 0.5 * LAW.optimum_of_params(params).tokens + 1e10
    matched = LAW.optimum_of_tokens(usable).params
    worth = matched * (1 + 5 * (1 - math.exp(-(params / matched - 1) / 5)))
    assert on_supply.params_effective(params) == pytest.approx(worth)


@pytest.mark.parametrize("limits", [(4.0, 4.0), (0.5, 9.0), (50.0, 1.0), (math.inf, math.inf)])
@pytest.mark.parametrize("flops", [1e20, 1e22, 3e23])
def test_the_best_run_within_epoch_limits_is_that_of_a_fine_grid(flops: float, limits: tuple[float, float]) -> None:
    several = [DomainPool(0.8, 2e10, limits[0]), DomainPool(0.2, 1e10, limits[1])]
    on_supply = RepeatedDataLaw(LAW, several, BORROWED)
    best = on_supply.optimum(flops)
    most = min(limits[0] * 2e10 / 0.8, limits[1] * 1e10 / 0.2)
    params, loss = plain_best(
        LAW.constants, flops, [(0.8, 2e10), (0.2, 1e10)], (BORROWED.tokens, BORROWED.params), most=most
    )
    assert best.tokens <= most * (1 + 1e-9)
    assert on_supply.best_loss(flops) == pytest.approx(loss, rel=1e-6)
    assert on_supply.best_loss(flops) <= loss * (1 + 1e-8)  # a search stops a hair before the limit
    assert best.params == pytest.approx(params, rel=0.011)


def test_each_domain_is_repeated_by_its_own_epochs() -> None:
    two = [DomainPool(0.9, 9e11), DomainPool(0.1, 1e10)]
    apart = tokens_effective(1e12, two[0], 15.39) + tokens_effective(1e12, two[1], 15.39)
    assert apart == pytest.approx(9e11 + 1e10 * (1 + 15.39 * (1 - math.exp(-9 / 15.39))))
    assert Pools(two).effective(1e12, 15.39) == pytest.approx(apart, rel=1e-12)
