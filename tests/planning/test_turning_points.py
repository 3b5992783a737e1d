"""Where a verdict changes under epoch limits, against plain bisection."""

import math
from dataclasses import replace

import pytest

from tokaudit.laws.pools import DomainPool, scaled
from tokaudit.laws.protocol import Run
from tokaudit.laws.published import LAWS
from tokaudit.planning.case import PlanCase
from tokaudit.planning.plan import FlipsAt
from tokaudit.planning.turning_points import ceiling, flips_at

BESIROGLU = LAWS.get("besiroglu2024")
RUN = Run(70e9, 1.4e12)


def _bisected(case: PlanCase) -> float:
    """The factor on the supply at which it starts to suffice."""
    low, high = -20.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        short = replace(case, pools=scaled(case.pools, math.exp(middle))).supply_falls_short()
        low, high = (middle, high) if short else (low, middle)
    return math.exp(high)


@pytest.mark.parametrize("most", [0.25, 0.5, 1.0, 3.0, 40.0, math.inf])
@pytest.mark.parametrize("given", [RUN, None], ids=["run", "budget"])
@pytest.mark.parametrize("law", ["besiroglu2024", "porian2024"])
def test_the_supply_flips_where_bisection_says(law: str, given: Run | None, most: float) -> None:
    pools = [DomainPool(0.75, 2e11, most), DomainPool(0.25, 1e12, most)]
    balanced = LAWS.get(law).optimum(RUN.flops)
    case = PlanCase(LAWS.get(law), RUN.flops, balanced if given else None, pools)
    assert flips_at(case).supply_factor == pytest.approx(_bisected(case), rel=1e-6)


def test_a_limit_below_one_epoch_still_has_a_budget_that_flips() -> None:
    case = PlanCase(BESIROGLU, 1e24, None, [DomainPool(1.0, 1e12, 0.5)])
    found = flips_at(case).flops
    assert found is not None
    assert not replace(case, flops=found * 0.99).supply_falls_short()
    assert replace(case, flops=found * 1.01).supply_falls_short()


def test_ceilings_of_one_and_four_epochs_do_not_know_limits() -> None:
    free, limited = [[DomainPool(0.5, 1e11, most), DomainPool(0.5, 3e12, most)] for most in (math.inf, 2.0)]
    with_limits, without = ceiling(BESIROGLU, limited), ceiling(BESIROGLU, free)
    assert with_limits is not None
    assert without is not None
    assert with_limits.flops_one_epoch == without.flops_one_epoch
    assert with_limits.flops_four_epochs == without.flops_four_epochs


def test_within_limits_doubling_stops_helping_where_plans_say_so() -> None:
    pools = [DomainPool(0.96, 2.652e9, 8.0), DomainPool(0.04, 5.104e8, 8.0)]
    found = ceiling(BESIROGLU, pools)
    assert found is not None
    assert found.flops_still_helping_low is not None
    assert found.flops_still_helping_high is not None
    assert PlanCase(BESIROGLU, found.flops_still_helping_low / 1.1, None, pools).compute_helps()
    assert not PlanCase(BESIROGLU, found.flops_still_helping_high * 1.1, None, pools).compute_helps()


def test_a_loose_domain_alone_turns_nothing() -> None:
    pools = [DomainPool(0.75, math.inf), DomainPool(0.25, 1e9)]
    case = PlanCase(BESIROGLU, 1e24, None, pools, loose=[False, True])
    assert flips_at(case) == FlipsAt(None, None)
    assert flips_at(replace(case, loose=[False, False])).supply_factor is not None
