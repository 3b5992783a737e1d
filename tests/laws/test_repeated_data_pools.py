"""Pools as arrays, against sums over the domains one by one."""

import math
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.laws.pools import DomainPool, Pools, scaled, tokens_effective
from tokaudit.laws.protocol import LossLaw, Repetition, Run
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import BORROWED, RepeatedDataLaw

LAW = cast("LossLaw", LAWS.get("besiroglu2024"))
SIZES = st.floats(6, 13).map(lambda exponent: 10.0**exponent)
STARS = st.sampled_from([0.5, 15.39, 1e6, math.inf])


@st.composite
def several(draw: st.DrawFn) -> list[DomainPool]:
    """Few or many domains, some of them endless, some alike."""
    count = draw(st.sampled_from([1, 2, 5, 17, 40, 300]))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    uniques = 10 ** random.uniform(6, 13, count)
    uniques[random.random(count) < draw(st.sampled_from([0, 0.2]))] = math.inf
    shares = random.dirichlet(np.ones(count)) + 1e-9
    found = [DomainPool(share, unique, 4.0) for share, unique in zip(shares.tolist(), uniques.tolist(), strict=True)]
    return [*found[:-1], found[0]] if count > 1 and draw(st.booleans()) else found


@given(several=several(), tokens=SIZES, r_star=STARS)
def test_effective_tokens_are_the_sum_over_the_domains(several: list[DomainPool], tokens: float, r_star: float) -> None:
    one_by_one = math.fsum(tokens_effective(tokens, pool, r_star) for pool in several)
    assert Pools(several).effective(tokens, r_star) == pytest.approx(one_by_one, rel=1e-9)


@given(several=several(), tokens=SIZES)
def test_usable_tokens_are_the_sum_over_the_domains(several: list[DomainPool], tokens: float) -> None:
    one_by_one = math.fsum(min(pool.share * tokens, pool.unique) for pool in several)
    assert Pools(several).usable(tokens) == pytest.approx(one_by_one, rel=1e-12)


@given(several=several(), factor=st.floats(1e-3, 1e3), tokens=SIZES)
def test_changed_pools_are_those_of_changed_domains(several: list[DomainPool], factor: float, tokens: float) -> None:
    pools, last = Pools(several), len(several) - 1
    assert pools == several
    for found, expected in (
        (scaled(several, factor), [replace(pool, unique=pool.unique * factor) for pool in several]),
        (pools.with_unique_of(last, 5e9), [*several[:-1], replace(several[-1], unique=5e9)]),
        (pools.without_limits(), [replace(pool, most_epochs=math.inf) for pool in several]),
    ):
        assert found == expected
        assert (found[last], found[0:1], len(found)) == (expected[last], expected[0:1], len(expected))
        assert (found.once, found.most) == (Pools(expected).once, Pools(expected).most)
        assert found.effective(tokens, 15.39) == Pools(expected).effective(tokens, 15.39)


@given(several=several(), params=SIZES, tokens=SIZES, r_star=STARS)
def test_gains_of_each_domain_are_those_of_the_law_anew(
    several: list[DomainPool], params: float, tokens: float, r_star: float
) -> None:
    law = RepeatedDataLaw(LAW, several, Repetition(r_star, 5.31))
    found = law.gains(Run(params, tokens), law.whole.unique_each * 1.5)
    for at in {0, len(several) // 2, len(several) - 1}:
        more = law.whole.with_unique_of(at, several[at].unique * 1.5)
        anew = law.loss(params, tokens) - replace(law, pools=more).loss(params, tokens)
        assert found[at] == pytest.approx(anew, rel=1e-6, abs=1e-12)


def test_a_best_run_that_was_found_is_not_searched_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    law = RepeatedDataLaw(LAW, [DomainPool(1.0, 1e11)], BORROWED)
    first = law.optimum(1e24)
    monkeypatch.setattr(RepeatedDataLaw, "loss", lambda *_: pytest.fail("searched anew"))
    assert law.optimum(1e24) is first
