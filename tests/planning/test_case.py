"""How much compute is lost to the split, and to missing data."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.laws.embedding_params import params_non_embedding
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.pools import DomainPool, scaled
from tokaudit.laws.protocol import LawMetadata, Repetition, Run
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.laws.search import root
from tokaudit.planning.case import BAND, PlanCase
from tokaudit.planning.plan import Budget, FlipsAt
from tokaudit.planning.turning_points import ceiling, flips_at

BUDGETS = st.floats(20, 27).map(lambda exponent: 10.0**exponent)
SUPPLIES = st.floats(9, 14).map(lambda exponent: 10.0**exponent)


def case(flops: float, unique: float, law: str = "muennighoff2023") -> PlanCase:
    return PlanCase(LAWS.get(law), flops, None, [DomainPool(1.0, unique)])


def of_run(params: float, tokens: float, unique: float, law: str = "besiroglu2024") -> PlanCase:
    run = Run(params, tokens)
    return PlanCase(LAWS.get(law), run.flops, run, [DomainPool(1.0, unique)])


def test_a_trillion_tokens_leave_96_percent_of_1e24_flops() -> None:
    found = case(1e24, 1e12)
    assert found.share_data() == pytest.approx(0.959, abs=5e-4)
    assert not found.supply_falls_short()


def test_the_ceilings_of_a_trillion_tokens_follow_the_paper() -> None:
    found = ceiling(LAWS.get("muennighoff2023"), [DomainPool(1.0, 1e12)])
    assert found is not None
    assert found.flops_one_epoch == pytest.approx(3.059e23, rel=2e-4)
    assert found.flops_four_epochs == pytest.approx(3.570e24, rel=2e-4)
    assert found.params_one_epoch == pytest.approx(5.0987e10, rel=2e-4)


def _last_helping(law: RepeatedDataLaw) -> float | None:
    """The budget from which on doubling gains less than 1e-4 nats, by halving an interval; None above 1e36."""
    low, high = math.log(law.law.optimum_of_tokens(law.whole.once).flops), math.log(1e36)

    def gain(log: float) -> float:
        return law.best_loss(math.exp(log)) - law.best_loss(2 * math.exp(log))

    if gain(high) > 1e-4:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if gain(middle) > 1e-4 else (low, middle)
    return math.exp(low)


@pytest.mark.parametrize("law", ["muennighoff2023", "besiroglu2024"])
@pytest.mark.parametrize("unique", [1e9, 1e12, 1e13])
def test_compute_helps_while_doubling_gains_a_ten_thousandth_of_a_nat(law: str, unique: float) -> None:
    reach, repeated_data = ceiling(LAWS.get(law), [DomainPool(1.0, unique)]), case(1e24, unique, law).repeated_data
    assert reach is not None
    assert repeated_data is not None
    ends = [
        last for last in (_last_helping(replace(repeated_data, repetition=pair)) for pair in BAND) if last is not None
    ]
    assert (reach.flops_still_helping_low, reach.flops_still_helping_high) == pytest.approx((min(ends), max(ends)))
    last = _last_helping(repeated_data)
    assert last is not None
    assert repeated_data.best_loss(last) - repeated_data.best_loss(2 * last) == pytest.approx(1e-4, rel=0.05)
    assert case(last * 0.9, unique, law).compute_helps()
    assert not case(last * 1.1, unique, law).compute_helps()


def test_the_domain_used_up_first_sets_the_first_ceiling() -> None:
    pools = [DomainPool(0.9, 9e12), DomainPool(0.1, 1e11)]
    found = ceiling(LAWS.get("muennighoff2023"), pools)
    assert found is not None
    assert found.flops_one_epoch == pytest.approx(3.059e23, rel=2e-4)


def test_compute_beyond_1000_times_tokens_squared_no_longer_helps() -> None:
    assert case(300 * 1e20, 1e10).compute_helps()
    assert not case(1e30, 1e10).compute_helps()


@pytest.mark.parametrize(("gain", "helps"), [(1.02e-4, True), (0.98e-4, False)])
def test_doubling_the_budget_must_gain_a_ten_thousandth_of_a_nat(gain: float, helps: bool) -> None:
    repeated_data = case(1e24, 1e12).repeated_data
    assert repeated_data is not None
    flops = math.exp(
        root(
            lambda log: math.log(
                (repeated_data.best_loss(math.exp(log)) - repeated_data.best_loss(2 * math.exp(log))) / gain
            ),
            math.log(1e25),
            math.log(1e28),
            tolerance=1e-6,
        )
    )
    assert case(flops, 1e12).compute_helps() is helps


@given(flops=BUDGETS, unique=SUPPLIES)
def test_the_free_share_never_grows_with_the_budget(flops: float, unique: float) -> None:
    less, more = case(flops, unique).share_data(), case(2 * flops, unique).share_data()
    assert less is not None
    assert more is not None
    assert more <= less + 1e-9


def check_flips(found: PlanCase) -> None:
    """Check that the verdict of a budget changes exactly at ``flips_at``."""
    flips = flips_at(found)
    assert flips is not None
    assert flips.flops is not None
    assert flips.supply_factor is not None
    for factor, short in ((0.999, False), (1.001, True)):
        assert replace(found, flops=factor * flips.flops).supply_falls_short() is short
        pools = scaled(found.pools, flips.supply_factor / factor)
        assert replace(found, pools=pools).supply_falls_short() is short


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(flops=BUDGETS, unique=SUPPLIES)
def test_the_verdict_of_a_budget_changes_at_flips_at(flops: float, unique: float) -> None:
    check_flips(case(flops, unique))


@pytest.mark.parametrize("law", ["muennighoff2023", "porian2024"])
@pytest.mark.parametrize("unique", [1.0, 1e24])
def test_a_verdict_never_changes_at_an_impossible_budget(unique: float, law: str) -> None:
    found = case(1e24, unique, law)
    flips, reach = flips_at(found), ceiling(found.law, found.pools)
    assert flips.flops is None
    assert flips.supply_factor is not None
    assert reach is not None
    assert (reach.flops_four_epochs, reach.params_four_epochs) == (None, None)


def test_data_is_the_constraint_below_80_percent_of_the_compute() -> None:
    found = case(1e24, 1e12)
    flips = flips_at(found)
    assert flips is not None
    assert flips.flops is not None
    assert replace(found, flops=flips.flops).share_data() == pytest.approx(0.8, abs=1e-6)


@given(tokens=SUPPLIES, unique=SUPPLIES)
def test_the_verdict_of_a_balanced_run_changes_at_flips_at(tokens: float, unique: float) -> None:
    found = of_run(tokens / 20, tokens, unique)
    flips = flips_at(found)
    assert flips is not None
    assert flips.flops is None
    assert flips.supply_factor is not None
    for factor, short in ((0.999, False), (1.001, True)):
        pools = scaled(found.pools, flips.supply_factor / factor)
        assert replace(found, pools=pools).supply_falls_short() is short


def test_no_supply_helps_a_run_that_is_short_of_tokens_by_its_split() -> None:
    assert flips_at(of_run(175e9, 300e9, 1e12)) == FlipsAt(None, None)


@pytest.mark.parametrize(("epochs", "short"), [(4.0, False), (4.1, True), (0.5, False)])
def test_a_run_is_short_of_supply_beyond_four_epochs_of_one_pool(epochs: float, short: bool) -> None:
    assert of_run(70e9, 1.4e12, 1.4e12 / epochs).supply_falls_short() is short


@given(flops=BUDGETS, unique=SUPPLIES)
def test_the_band_contains_the_share(flops: float, unique: float) -> None:
    found = case(flops, unique, "besiroglu2024")
    shares = found.shares(BAND).data_each
    assert shares[0] == found.share_data()
    assert 0 <= min(shares) <= max(shares) <= 1


def test_the_band_covers_the_pairs_that_fit_the_runs_equally_well() -> None:
    found = case(1e25, 1e12, "besiroglu2024")
    pairs = [(15.39, 5.31), (4.8, 5.31), (15.39, 20.8), (1e6, 0.27)]
    assert found.shares(BAND).data_each == (
        found.share_data(),
        *(found.share_data(Repetition(*pair)) for pair in pairs),
    )


def test_a_law_without_repeats_borrows_the_rounded_constants() -> None:
    assert case(1e24, 1e12, "besiroglu2024").repetition == Repetition(15.39, 5.31)
    assert case(1e24, 1e12).repetition.tokens == 15.387756


def test_the_part_of_excess_parameters_is_won_back_if_they_count() -> None:
    found = case(1e25, 1e12)
    part = found.params_part()
    share, without = found.share_data(), found.share_data(Repetition(15.387756, math.inf))
    assert part is not None
    assert share is not None
    assert without is not None
    assert share + part * (1 - share) == pytest.approx(without)
    assert 0 < part < 1


def test_a_cost_of_zero_has_no_parts() -> None:
    assert case(1e22, 1e13).params_part() is None


def test_the_optimal_run_loses_nothing_by_its_split() -> None:
    best = LAWS.get("besiroglu2024").optimum(1e24)
    found = of_run(best.params, best.tokens, 1e14)
    assert found.share_allocation() == pytest.approx(1)
    assert found.tokens_side() == pytest.approx(0.5)


def test_without_a_supply_there_are_no_numbers_about_it() -> None:
    found = PlanCase(LAWS.get("besiroglu2024"), 1e24, None, [])
    assert found.share_data() is None
    assert (found.shares(BAND).data_each, found.shares(BAND).data, found.shares(BAND).both) == ((), None, None)
    assert ceiling(found.law, []) is None
    assert flips_at(found) == FlipsAt(None, None)
    assert not found.supply_falls_short()


TWENTY = Frontier(
    gives="params",
    k=1 / math.sqrt(120),
    exponent=0.5,
    metadata=LawMetadata(source="here", params_counted="total", corpus="c", tokenizer="t"),
)
"""A law that gives optimal runs only: 20 tokens per parameter."""


@pytest.mark.parametrize(
    ("ratio", "verdict"), [(1 / 3.1, "data"), (1 / 2.9, "compute"), (2.9, "compute"), (3.1, "model")]
)
def test_a_frontier_judges_a_run_by_tokens_over_optimal_tokens(ratio: float, verdict: str) -> None:
    run = Run(1e11 / ratio, 2e12 * ratio)
    assert PlanCase(TWENTY, run.flops, run, []).allocation() == verdict


def test_a_frontier_has_no_loss_and_so_no_shares() -> None:
    found = PlanCase(TWENTY, 1e24, None, [DomainPool(1.0, 1e11)])
    assert found.tokens_side() is None
    assert found.share_allocation() is None
    assert found.share_data() is None
    assert found.supply_falls_short()
    reach = ceiling(TWENTY, found.pools)
    assert reach is not None
    assert (reach.flops_four_epochs, reach.params_four_epochs) == (None, None)
    assert (reach.flops_still_helping_low, reach.flops_still_helping_high) == (None, None)
    assert reach.flops_one_epoch == pytest.approx(6e11 * 5e9)


@settings(max_examples=30, deadline=None)
@given(flops=BUDGETS, unique=SUPPLIES)
def test_the_verdict_of_a_frontier_changes_at_flips_at(flops: float, unique: float) -> None:
    check_flips(PlanCase(TWENTY, flops, None, [DomainPool(1.0, unique)]))


def test_parameters_are_counted_as_the_law_counts_them() -> None:
    budget = Budget(6e17 * 2, 1e8, 2e9)
    given_run = PlanCase.of(LAWS.get("kaplan2020"), budget, []).given
    assert given_run == Run(params_non_embedding(1e8), 2e9)
    assert PlanCase.of(LAWS.get("besiroglu2024"), budget, []) == PlanCase(
        LAWS.get("besiroglu2024"), 1.2e18, Run(1e8, 2e9), []
    )
