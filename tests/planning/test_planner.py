"""Plans from a law, a budget, a mixture and a supply."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.plans import optimal, plan, supply

from tokaudit.laws.embedding_params import params_non_embedding
from tokaudit.laws.published import LAWS

SHARES = st.lists(st.floats(0.01, 1), min_size=1, max_size=4)


def test_a_trillion_tokens_are_enough_for_1e24_flops() -> None:
    made = plan("muennighoff2023", supply(all=1e12), flops=1e24)
    assert (made.constraint, made.cause) == ("compute", None)
    assert made.compute_equivalent_share == pytest.approx(0.959, abs=5e-4)
    assert made.constrained is not None
    assert made.constrained.epochs == pytest.approx(1.947, rel=5e-4)
    assert made.binding_domain == "all"
    assert made.domains[0].verdict == "repeat"


def test_without_a_supply_a_plan_is_the_law_s_optimum() -> None:
    made = plan(flops=1e24)
    assert made.domains == ()
    assert made.constraint is None
    assert made.constrained is None
    assert made.compute_equivalent_share is None
    assert any(warning.startswith("no supply is given") for warning in made.warnings)


def test_a_mixture_without_a_supply_gives_the_need_of_each_domain() -> None:
    made = plan(shares={"web": 0.7, "code": 0.3}, flops=1e24)
    assert [entry.tokens_needed / optimal(made).tokens for entry in made.domains] == pytest.approx([0.7, 0.3])
    assert made.domains[0].verdict is None


def test_a_frontier_plans_without_a_loss_and_says_so() -> None:
    made = plan("hoffmann2022-approach1", supply(web=1e12), flops=1e25)
    assert made.loss is None
    assert optimal(made).loss is None
    assert (made.tokens_side, made.compute_equivalent_share, made.share_data) == (None, None, None)
    assert made.constrained is None
    assert made.constraint == "data"
    assert made.domains[0].epochs == pytest.approx(optimal(made).tokens / 1e12)
    assert any("gives optimal runs only" in warning for warning in made.warnings)
    assert any("borrowed from muennighoff2023" in warning for warning in made.warnings)


def test_parameters_are_compared_as_the_law_counts_them() -> None:
    made = plan("kaplan2020", params=1e8, tokens=2e9)
    assert made.budget.params == 1e8
    assert made.budget.flops == pytest.approx(1.2e18)
    counted = params_non_embedding(1e8)
    assert made.optimal == plan("kaplan2020", flops=6 * counted * 2e9).optimal
    assert any("the given run has 79.6M" in warning for warning in made.warnings)
    assert optimal(made).loss == LAWS.get("kaplan2020").optimal_loss(6 * counted * 2e9)
    assert made.loss is None
    alone = plan("kaplan2020", params=1e8)
    assert optimal(alone).params == pytest.approx(counted)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(weights=SHARES, unique=st.lists(st.floats(1e9, 1e14), min_size=4, max_size=4), exponent=st.floats(19, 27))
def test_the_numbers_of_any_plan_are_consistent(weights: list[float], unique: list[float], exponent: float) -> None:
    names = "abcd"[: len(weights)]
    shares = {name: weight / math.fsum(weights) for name, weight in zip(names, weights, strict=True)}
    made = plan(have=supply(**dict(zip(names, unique, strict=False))), shares=shares, flops=10**exponent)
    assert 6 * optimal(made).params * optimal(made).tokens == pytest.approx(10**exponent)
    assert math.fsum(entry.tokens_needed for entry in made.domains) == pytest.approx(optimal(made).tokens)
    assert made.share_data_low is not None
    assert made.share_data is not None
    assert made.share_data_high is not None
    assert 0 <= made.share_data_low <= made.share_data <= made.share_data_high <= 1
    assert (made.constraint == "data") == (made.share_data < 0.8)
    assert made.mixture_suggested is None or math.fsum(made.mixture_suggested.values()) == pytest.approx(1)
    if made.constrained:
        assert 6 * made.constrained.params * made.constrained.tokens == pytest.approx(10**exponent)
        assert made.constrained.loss >= (optimal(made).loss or 0) * (1 - 1e-12)
        for entry in made.domains:
            assert entry.tokens_effective is not None
            assert entry.tokens_effective <= entry.share * made.constrained.tokens * (1 + 1e-12)
