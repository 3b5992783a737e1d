"""Pools as arrays and as rules, against sums over single domains."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.laws.pools import DomainPool, Pools, tokens_effective
from tokaudit.planning.pools import PoolRules
from tokaudit.supply.types import DomainSupply

TOKENS = st.floats(6, 15).map(lambda exponent: 10.0**exponent)
UNIQUE = st.one_of(TOKENS, st.just(math.inf))


@st.composite
def pools(draw: st.DrawFn) -> list[DomainPool]:
    weights = draw(st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
    return [DomainPool(weight / math.fsum(weights), draw(UNIQUE), draw(st.floats(0.5, 50))) for weight in weights]


def plainly(tokens: float, several: list[DomainPool], star: float) -> float:
    """Effective tokens domain by domain, as PLANNING defines them."""
    total = 0.0
    for pool in several:
        seen = pool.share * tokens
        once = min(seen, pool.unique)
        total += once + once * star * (1 - math.exp(-(max(seen / once - 1, 0)) / star))
    return total


@given(several=pools(), tokens=TOKENS, star=st.floats(0.5, 1e3))
def test_effective_tokens_are_the_sum_over_domains(several: list[DomainPool], tokens: float, star: float) -> None:
    found = Pools(several).effective(tokens, star)
    assert found == pytest.approx(plainly(tokens, several, star), rel=1e-9)
    assert found == pytest.approx(sum(tokens_effective(tokens, pool, star) for pool in several), rel=1e-9)


@given(several=pools(), tokens=TOKENS, parts=st.integers(2, 5), star=st.floats(0.5, 1e3))
def test_pools_that_last_equally_long_are_one(
    several: list[DomainPool], tokens: float, parts: int, star: float
) -> None:
    split = [DomainPool(pool.share / parts, pool.unique / parts, pool.most_epochs) for pool in several] * parts
    whole, cut = Pools(several), Pools(split)
    assert len(cut.share) == len(whole.share)
    assert cut.effective(tokens, star) == pytest.approx(whole.effective(tokens, star), rel=1e-9)
    assert cut.usable(tokens) == pytest.approx(whole.usable(tokens), rel=1e-9)
    assert (cut.once, cut.most) == pytest.approx((whole.once, whole.most), rel=1e-9)


@given(several=pools())
def test_the_first_domain_used_up_ends_a_run(several: list[DomainPool]) -> None:
    found = Pools(several)
    assert found.once == pytest.approx(min(pool.unique / pool.share for pool in several), rel=1e-9)
    assert found.most == pytest.approx(min(pool.most_epochs * pool.unique / pool.share for pool in several), rel=1e-9)


def test_endless_pools_never_repeat() -> None:
    found = Pools([DomainPool(0.3, math.inf), DomainPool(0.7, math.inf)])
    assert (found.once, found.most) == (math.inf, math.inf)
    assert found.effective(1e15, 15.39) == pytest.approx(1e15)


def test_rules_leave_out_domains_without_a_share() -> None:
    entries = [DomainSupply("code", 1e9), DomainSupply("empty", 0.0), DomainSupply("web", 1e12)]
    shares = {"code": 0.25, "empty": 0.0, "web": 0.75}
    rules = PoolRules(5.0, {"code": 2.0}, frozenset({"code", "empty"}))
    assert list(rules.pools(entries, shares)) == [DomainPool(0.25, 1e9, 2.0), DomainPool(0.75, 1e12, 5.0)]
    assert rules.are_loose(entries, shares) == [True, False]
