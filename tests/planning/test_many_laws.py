"""Laws for many constants at once, against one law at a time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.pools import DomainPool, Pools
from tokaudit.laws.protocol import Repetition
from tokaudit.laws.published.muennighoff2023 import LAW
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.planning.many_laws import ManyLaws

STARS = {name: values[::100] for name, values in shipped_draws("muennighoff2023").items()}
COUNT = len(STARS["R_D_star"])
MANY = ManyLaws({**{name: np.full(COUNT, value) for name, value in LAW.constants.items()}, **STARS})


def one_by_one(pools: list[DomainPool]) -> list[RepeatedDataLaw]:
    assert isinstance(LAW, Parametric)
    pairs = zip(STARS["R_D_star"].tolist(), STARS["R_N_star"].tolist(), strict=True)
    return [RepeatedDataLaw(LAW, pools, Repetition(*pair)) for pair in pairs]


@settings(max_examples=20, deadline=None)
@given(
    flops=st.floats(20, 25).map(lambda exponent: 10.0**exponent),
    unique=st.floats(9, 13).map(lambda exponent: 10.0**exponent),
    most=st.sampled_from([2.0, 20.0, math.inf]),
)
def test_the_best_runs_are_those_of_one_law_each(flops: float, unique: float, most: float) -> None:
    pools = [DomainPool(0.5, unique, most), DomainPool(0.5, math.inf, most)]
    params, losses = MANY.best(flops, pools)
    laws = one_by_one(pools)
    assert losses[:, 0] == pytest.approx([law.best_loss(flops) for law in laws], rel=1e-9)
    # Where a parameter in excess counts for nothing, the loss is flat, so the place is not compared as closely.
    assert np.log(params[:, 0]) == pytest.approx([math.log(law.optimum(flops).params) for law in laws], abs=1e-2)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 1000),
    decades=st.sampled_from([1.0, 3.0, 6.0]),
    tokens=st.floats(9, 16).map(lambda exponent: 10.0**exponent),
)
def test_joining_many_pools_changes_less_than_a_thousandth(seed: int, decades: float, tokens: float) -> None:
    random = np.random.default_rng(seed)
    shares, uniques = random.dirichlet(np.ones(300)), 10 ** random.uniform(11 - decades, 11 + decades, 300)
    pools = Pools([DomainPool(*pair) for pair in zip(shares.tolist(), uniques.tolist(), strict=True)])
    found = MANY.effective(np.full((COUNT, 1), tokens), pools)[:, 0]
    assert found == pytest.approx([pools.effective(tokens, star) for star in STARS["R_D_star"].tolist()], rel=1e-3)


def test_the_best_size_may_be_where_it_calls_for_all_of_a_domain() -> None:
    supply = {"books": (0.67657, 3.295e10), "code": (0.02, 2.524e11), "encyclopedia": (0.21071, 9.927e10)}
    pools = [*[DomainPool(*each) for each in supply.values()], DomainPool(0.09272, 4.046e10)]
    flops, stars = 1.500948e25, Repetition(1e6, 0.27)
    assert isinstance(LAW, Parametric)
    law = RepeatedDataLaw(LAW, pools, stars)
    best = law.optimum(flops)
    assert best.params == pytest.approx(law.law.optimum_of_tokens(2.524e11 / 0.02).params, rel=1e-6)
    # The other minimum is wide, and higher.
    assert best.tokens == pytest.approx(3.888e12, rel=1e-3)
    assert law.best_loss(flops) < law.loss(flops / 6 / 1.0414e14, 1.0414e14) - 5e-4
    many = ManyLaws({name: np.array([value]) for name, value in {**LAW.constants, **_named(stars)}.items()})
    assert many.best(flops, pools)[0][0, 0] == pytest.approx(best.params, rel=1e-4)


def _named(stars: Repetition) -> dict[str, float]:
    return {"R_D_star": stars.tokens, "R_N_star": stars.params}
