"""Budgets far beyond their data, and epoch limits, against a plain search over a grid."""

import math
from typing import Any

import numpy as np
import pytest
from made.plain_laws import plain_best, plain_loss
from made.plans import make_plan, supply

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.published import LAWS
from tokaudit.laws.published.muennighoff2023 import LAW
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.case import PlanCase
from tokaudit.planning.judge import is_far
from tokaudit.planning.plan import FlipsAt, Plan

PAIRS = ((15.39, 5.31), (4.8, 5.31), (15.39, 20.8), (1e6, 0.27))
DRAWS = shipped_draws("muennighoff2023")
SMALL, FLOPS = 4e8, 7.9e19


def planned(flops: float = FLOPS, unique: float = SMALL, **more: Any) -> Plan:
    budget = budget_for(LAW, flops=flops)
    return make_plan("muennighoff2023", LAW, budget, supply(web=unique), repetition_draws=DRAWS, **more)


@pytest.fixture(scope="module")
def made() -> Plan:
    return planned()


def test_the_point_is_that_of_the_paper_s_law(made: Plan) -> None:
    best = made.constrained
    assert best is not None
    assert (best.params, best.epochs) == pytest.approx((506e6, 65.07), rel=1e-3)
    assert best.tokens == pytest.approx(FLOPS / 6 / best.params)
    assert best.tokens == pytest.approx(best.epochs * SMALL)
    assert isinstance(LAW, Parametric)
    assert LAW.repetition is not None
    params, loss = plain_best(LAW.constants, FLOPS, [(1.0, SMALL)], (LAW.repetition.tokens, LAW.repetition.params))
    assert best.params == pytest.approx(params, rel=0.02)
    assert best.loss == pytest.approx(loss, rel=1e-6)


@pytest.mark.slow
def test_the_range_is_that_of_a_search_draw_by_draw(made: Plan) -> None:
    best = made.constrained
    assert best is not None
    stars = [
        (min(r_d, 1e6), r_n) for r_d, r_n in zip(DRAWS["R_D_star"].tolist(), DRAWS["R_N_star"].tolist(), strict=True)
    ]
    pools = [(1.0, SMALL)]
    assert isinstance(LAW, Parametric)
    free = LAW.optimal_loss(FLOPS) or math.nan
    drawn = [plain_best(LAW.constants, FLOPS, pools, pair, step=0.1) for pair in stars]
    pairs = [plain_best(LAW.constants, FLOPS, pools, pair, step=0.01) for pair in PAIRS]
    params = [*np.quantile([each for each, _ in drawn], [0.1, 0.9]).tolist(), *(each for each, _ in pairs)]
    losses = [*np.quantile([loss for _, loss in drawn], [0.1, 0.9]).tolist(), *(loss for _, loss in pairs)]
    # The loss is flat near its lowest value, so parameters are known to the width of the grid's cells.
    assert best.params_low == pytest.approx(min(params), rel=0.1)
    assert best.params_high == pytest.approx(max(params), rel=0.1)
    assert best.tokens_low == pytest.approx(FLOPS / 6 / best.params_high)
    assert best.tokens_high == pytest.approx(FLOPS / 6 / best.params_low)
    assert best.loss_low == pytest.approx(min(losses) - free, rel=2e-3)
    assert best.loss_high == pytest.approx(max(losses) - free, rel=2e-3)


def test_far_beyond_the_data_nothing_precise_is_said(made: Plan) -> None:
    assert made.far_beyond_data
    assert made.flips_at == FlipsAt(None, None)
    assert made.ceiling is not None
    assert made.ceiling.flops_one_epoch == pytest.approx(LAW.optimum_of_tokens(SMALL).flops)
    assert made.ceiling.params_one_epoch == pytest.approx(LAW.optimum_of_tokens(SMALL).params)
    assert (made.ceiling.flops_four_epochs, made.ceiling.params_four_epochs) == (None, None)
    assert (made.ceiling.flops_still_helping_low, made.ceiling.flops_still_helping_high) == (None, None)


@pytest.mark.parametrize("flops", [1e17, 1e19, 1e20])
def test_the_point_lies_within_its_range(flops: float) -> None:
    best = planned(flops).constrained
    assert best is not None
    assert best.params_low <= best.params <= best.params_high
    assert best.tokens_low <= best.tokens <= best.tokens_high
    free = LAW.optimal_loss(flops)
    assert free is not None
    assert best.loss_low - 1e-12 <= best.loss - free <= best.loss_high + 1e-12


def test_sixteen_epochs_of_the_best_run_are_the_border() -> None:
    pools = [DomainPool(1.0, SMALL)]
    low, high = 1e16, 1e21
    for _ in range(40):
        middle = math.sqrt(low * high)
        found = PlanCase(LAW, middle, None, pools).repeated_data
        assert found is not None
        low, high = (middle, high) if found.optimum(middle).tokens < 16 * SMALL else (low, middle)
    assert not is_far(PlanCase(LAW, low * 0.999, None, pools))
    assert is_far(PlanCase(LAW, high * 1.001, None, pools))
    assert not is_far(PlanCase(LAW, high * 1.001, None, pools, loose=[True]))


@pytest.mark.parametrize(("most", "flops"), [(1.0, 5e17), (4.0, 2e18), (20.0, 1e19), (1000.0, FLOPS)])
def test_a_limit_bounds_the_best_run_exactly(most: float, flops: float) -> None:
    best = planned(flops, max_epochs=most).constrained
    assert best is not None
    params, loss = plain_best(LAW.constants, flops, [(1.0, SMALL)], PAIRS[0], most=most * SMALL)
    assert best.epochs <= most * (1 + 1e-9)
    assert best.epochs == pytest.approx(min(most, flops / 6 / params / SMALL), rel=0.011)
    assert best.loss == pytest.approx(loss, rel=1e-4)


def test_a_limit_below_the_border_is_not_far_beyond_the_data() -> None:
    assert not planned(max_epochs=16).far_beyond_data
    assert planned(max_epochs=17).far_beyond_data


@pytest.mark.slow
@pytest.mark.parametrize("law", ["besiroglu2024", "porian2024"])
@pytest.mark.parametrize("most", [None, 4.0])
def test_limits_do_not_hide_that_the_mixture_is_the_cause(law: str, most: float | None) -> None:
    found = LAWS.get(law)
    have, halves = supply(web=5e12, books=1e10), {"web": 0.5, "books": 0.5}
    made = make_plan(law, found, budget_for(found, flops=1e25), have, halves, max_epochs=most)
    assert (made.constraint, made.cause) == ("data", "mixture")
    assert made.mixture_suggested is not None
    better = make_plan(law, found, budget_for(found, flops=1e25), have, made.mixture_suggested, max_epochs=most)
    assert better.constraint == "compute"
    assert max(entry.epochs or 0 for entry in better.domains) <= 4 * (1 + 1e-4)


@pytest.mark.parametrize(
    ("tokens", "most", "said"),
    [
        (1.4e12, 7.0, ("compute", None)),
        (1.4e12, 6.99, ("data", "mixture")),
        (4.1e12, 2.0, ("data", "supply")),
    ],
    ids=["within", "another mixture cures it", "no mixture does"],
)
def test_a_run_beyond_its_limit_is_short_of_data(tokens: float, most: float, said: tuple[str, str | None]) -> None:
    law = LAWS.get("besiroglu2024")
    have, shares = supply(web=1e14, code=1e10), {"web": 0.95, "code": 0.05}
    if said[1] == "supply":
        have = supply(web=2e12, code=1e10)
    made = make_plan("besiroglu2024", law, budget_for(law, params=70e9, tokens=tokens), have, shares, max_epochs=most)
    assert (made.constraint, made.cause) == said


def test_the_plain_law_is_the_paper_s() -> None:
    # arXiv:2305.16264: four epochs of U are as good as 3.7257 U new tokens.
    law = {"E": 0.0, "A": 1.0, "B": 1.0, "alpha": 1.0, "beta": 1.0}
    assert 1 / (plain_loss(law, 1e-3, 4.0, [(1.0, 1.0)], 15.39, 5.31) - 1e3) == pytest.approx(3.7257, abs=1e-4)
