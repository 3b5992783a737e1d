"""Intervals and agreement from joint draws: vectorised code against one law or case per draw."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.runs import BESIROGLU

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import LawMetadata, Repetition, Run
from tokaudit.laws.published.muennighoff2023 import LAW as MUENNIGHOFF
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.planning.case import SHARE_BOUND, PlanCase
from tokaudit.planning.intervals import draws_by_verdict, optimum_interval
from tokaudit.planning.many_laws import ManyLaws
from tokaudit.planning.verdicts import Constraint

DRAWS: Draws = {name: values[:40] for name, values in shipped_draws("besiroglu2024").items()}
STARS: Draws = {name: values[:40] for name, values in shipped_draws("muennighoff2023").items()}
BUDGETS = st.floats(22, 28).map(lambda exponent: 10.0**exponent)


def laws(draws: Draws, law: Parametric = BESIROGLU) -> list[Parametric]:
    """The law of each draw."""
    count = len(next(iter(draws.values())))
    values = [{**law.constants, **{name: float(draws[name][i]) for name in draws}} for i in range(count)]
    return [
        replace(
            law,
            E=value["E"],
            A=value["A"],
            B=value["B"],
            alpha=value["alpha"],
            beta=value["beta"],
            repetition=Repetition(value["R_D_star"], value["R_N_star"]) if "R_D_star" in value else None,
        )
        for value in values
    ]


@given(flops=BUDGETS)
def test_the_interval_is_that_of_the_optima_of_the_draws(flops: float) -> None:
    found = optimum_interval(DRAWS, flops)
    best = [law.optimum(flops) for law in laws(DRAWS)]
    assert found is not None
    assert found.level == 0.95
    assert (found.params_low, found.params_high) == pytest.approx(
        tuple(np.quantile([run.params for run in best], [0.025, 0.975], method="nearest"))
    )
    assert (found.tokens_low, found.tokens_high) == pytest.approx(
        tuple(np.quantile([run.tokens for run in best], [0.025, 0.975], method="nearest"))
    )


def test_draws_of_a_frontier_give_an_interval() -> None:
    found = optimum_interval({"k_N": np.array([0.1, 0.2, 0.3]), "a": np.array([0.5, 0.5, 0.5])}, 6e20)
    assert found is not None
    assert 0.1 * 6e20**0.5 <= found.params_low < found.params_high <= 0.3 * 6e20**0.5
    assert found.tokens_high == pytest.approx(1e20 / found.params_low, rel=0.1)


@pytest.mark.parametrize("draws", [{}, STARS], ids=["none", "repetition only"])
def test_draws_of_repetition_alone_give_no_interval(draws: Draws) -> None:
    assert optimum_interval(draws, 1e25) is None


def test_draws_that_make_no_law_widen_the_interval() -> None:
    alpha = DRAWS["alpha"].copy()
    alpha[:5] = -0.1
    found = optimum_interval({**DRAWS, "alpha": alpha}, 1e25)
    assert found is not None
    assert (found.params_low, found.params_high) == (0.0, np.inf)


POOLS = st.lists(
    st.tuples(st.floats(0.1, 1), st.floats(9, 14).map(lambda power: 10.0**power)), min_size=1, max_size=3
).map(lambda parts: [DomainPool(share / sum(part for part, _ in parts), unique) for share, unique in parts])


@settings(max_examples=25)
@given(flops=BUDGETS, pools=POOLS, own=st.booleans())
def test_the_free_share_is_that_of_the_law_draw_by_draw(flops: float, pools: list[DomainPool], own: bool) -> None:
    draws = {name: values[:6] for name, values in {**DRAWS, **STARS}.items()}
    if not own:
        draws |= {"R_D_star": np.full(6, 15.39), "R_N_star": np.full(6, 5.31)}
    with_stars = replace(BESIROGLU, repetition=Repetition(1, 1))
    plain = [
        RepeatedDataLaw(law, pools, law.repetition or Repetition(0, 0)).free_share(flops)
        for law in laws(draws, with_stars)
    ]

    assert ManyLaws(draws).free_share(flops, pools) == pytest.approx(plain, rel=1e-6)


CASES = {
    "a budget that the supply half suffices for": PlanCase(BESIROGLU, 1e25, None, [DomainPool(1.0, 1.52e12)]),
    "two domains": PlanCase(BESIROGLU, 1e25, None, [DomainPool(0.8, 1.6e12), DomainPool(0.2, 3e11)]),
    "a balanced run": PlanCase(BESIROGLU, 6 * 70e9 * 1.4e12, Run(70e9, 1.4e12), []),
    "a run at the edge": PlanCase(BESIROGLU, 6 * 175e9 * 3.5e11, Run(175e9, 3.5e11), []),
    "a run on a supply": PlanCase(BESIROGLU, 6 * 70e9 * 1.4e12, Run(70e9, 1.4e12), [DomainPool(1.0, 3.5e11)]),
    "a law of repetition": PlanCase(MUENNIGHOFF, 1e24, None, [DomainPool(1.0, 4e11)]),
    "a run of many epochs": PlanCase(MUENNIGHOFF, 6 * 70e9 * 1.4e12, Run(70e9, 1.4e12), [DomainPool(1.0, 3e11)]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_share_of_draws_is_that_of_one_case_per_draw(name: str) -> None:
    case = CASES[name]
    assert isinstance(case.law, Parametric)
    draws = STARS if case.law is MUENNIGHOFF else DRAWS
    verdicts = [
        "data" if changed.supply_falls_short() else changed.allocation()
        for changed in (replace(case, law=law) for law in laws(draws, case.law))
    ]
    for constraint in get_args(Constraint):
        found = draws_by_verdict(case, draws)
        assert found is not None
        assert found[constraint] == sum(verdict == constraint for verdict in verdicts) / 40


def test_there_are_cases_on_which_draws_disagree() -> None:
    shares = [draws_by_verdict(case, STARS if case.law is MUENNIGHOFF else DRAWS) for case in CASES.values()]
    assert any(share is not None and 0 < share["data"] < 1 for share in shares)
    assert 0 < SHARE_BOUND < 1


def test_draws_of_a_frontier_are_judged_by_its_rule() -> None:
    law = Frontier(
        gives="params",
        k=0.1,
        exponent=0.5,
        metadata=LawMetadata(source="", params_counted="total", corpus="", tokenizer=""),
    )
    best = law.optimum(6e22)
    given_run = Run(best.params * 2.5, best.tokens / 2.5)
    case = PlanCase(law, 6e22, given_run, [])
    draws = {"k_N": np.array([0.1, 0.05, 0.3, 0.05]), "a": np.full(4, 0.5)}

    # Half of the draws have half the parameters at the optimum, so the run has five times too few tokens.
    assert draws_by_verdict(case, draws) == {"data": 0.5, "model": 0, "compute": 0.5}


def test_without_draws_or_a_verdict_there_is_no_share() -> None:
    case = CASES["two domains"]
    assert draws_by_verdict(case, {}) is None
    assert draws_by_verdict(replace(case, pools=[]), DRAWS) is None


def test_a_draw_that_makes_no_law_has_no_verdict() -> None:
    alpha = DRAWS["alpha"].copy()
    alpha[:10] = -0.1
    for case in CASES.values():
        if case.law is not MUENNIGHOFF:
            found = draws_by_verdict(case, {**DRAWS, "alpha": alpha})
            assert found is not None
            assert sum(found.values()) == 0.75
