"""Properties of every published law."""

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import UsageError
from tokaudit.laws.protocol import LossLaw, ParamsCounted, Run, Validity
from tokaudit.laws.published import LAWS
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

NAMES = LAWS.names()
LOSS_LAWS = [name for name in NAMES if isinstance(LAWS.get(name), LossLaw)]
BUDGETS = st.floats(15, 30).map(lambda exponent: 10.0**exponent)


def loss_law(name: str) -> LossLaw:
    law = LAWS.get(name)
    assert isinstance(law, LossLaw)
    return law


def test_this_version_has_these_laws() -> None:
    assert {
        *("kaplan2020", "hoffmann2022-approach1", "hoffmann2022-approach2", "hoffmann2022-approach3"),
        *("hoffmann2022-approach3-rounded", "besiroglu2024", "muennighoff2023", "porian2024"),
        *("grattafiori2024", "deepseek2024", "sardana2024", "gadre2024"),
    } <= set(NAMES)


def test_an_unknown_law_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'besiroglu2024'.*muennighoff2023"):
        LAWS.get("besiroglu2023")


@pytest.mark.parametrize("name", NAMES)
def test_a_law_says_where_it_comes_from_and_what_it_counts(name: str) -> None:
    law = LAWS.get(name)
    assert law.metadata.source
    assert law.metadata.corpus
    assert law.metadata.tokenizer
    assert law.metadata.params_counted in get_args(ParamsCounted)
    assert law.constants
    assert all(math.isfinite(value) for value in law.constants.values())
    valid = law.metadata.valid
    for known in (valid.flops, valid.params, valid.tokens, valid.tokens_per_param):
        assert known is None or 0 < known[0] < known[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_published_interval_contains_its_constant(name: str) -> None:
    law = LAWS.get(name)
    interval = law.metadata.interval
    if interval is None:
        return
    assert 0 < interval.level < 1
    for constant, (low, high) in interval.bounds.items():
        assert low < high
        if constant in law.constants:
            assert low <= law.constants[constant] <= high


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@given(flops=BUDGETS)
def test_an_optimum_spends_the_whole_budget(name: str, flops: float) -> None:
    assert LAWS.get(name).optimum(flops).flops == pytest.approx(flops, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@given(flops=BUDGETS)
def test_the_parameters_or_tokens_of_an_optimum_lead_back_to_it(name: str, flops: float) -> None:
    law = LAWS.get(name)
    best = law.optimum(flops)
    assert law.optimum_of_params(best.params).tokens == pytest.approx(best.tokens, rel=1e-9)
    assert law.optimum_of_tokens(best.tokens).params == pytest.approx(best.params, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", LOSS_LAWS)
@given(flops=BUDGETS, tilt=st.floats(1.01, 10))
def test_no_other_split_of_a_budget_has_a_lower_loss(name: str, flops: float, tilt: float) -> None:
    law = loss_law(name)
    best = law.optimum(flops)
    least = law.loss(best.params, best.tokens)
    assert law.loss(best.params * tilt, best.tokens / tilt) > least
    assert law.loss(best.params / tilt, best.tokens * tilt) > least


@pytest.mark.parametrize("name", LOSS_LAWS)
@given(flops=BUDGETS)
def test_the_smallest_budget_for_the_loss_of_an_optimum_is_its_own(name: str, flops: float) -> None:
    law = loss_law(name)
    best = law.optimum(flops)
    assert law.flops_to_reach(law.loss(best.params, best.tokens)) == pytest.approx(flops, rel=1e-6)


@pytest.mark.parametrize("name", LOSS_LAWS)
def test_no_budget_reaches_the_irreducible_loss(name: str) -> None:
    law = loss_law(name)
    assert law.flops_to_reach(law.terms(1e9, 1e9).irreducible) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", LOSS_LAWS)
@given(params=st.floats(1e7, 1e13), tokens=st.floats(1e8, 1e15))
def test_elasticities_are_the_derivatives_of_the_loss(name: str, params: float, tokens: float) -> None:
    law = loss_law(name)
    step = 1e-4
    by_params = (law.loss(params * math.exp(-step), tokens) - law.loss(params * math.exp(step), tokens)) / (2 * step)
    by_tokens = (law.loss(params, tokens * math.exp(-step)) - law.loss(params, tokens * math.exp(step))) / (2 * step)
    assert law.elasticities(params, tokens) == pytest.approx((by_params, by_tokens), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("name", LOSS_LAWS)
@given(params=st.floats(1e6, 1e13), tokens=st.floats(1e6, 1e15))
def test_the_terms_sum_to_the_loss(name: str, params: float, tokens: float) -> None:
    law = loss_law(name)
    assert law.terms(params, tokens).total == pytest.approx(law.loss(params, tokens), rel=1e-14)


def test_a_run_inside_the_fitted_range_has_no_warning() -> None:
    assert Validity(params=(1e8, 1e10), tokens=(1e9, 1e12)).warnings(Run(1e9, 1e10)) == ()


def test_a_run_outside_the_fitted_range_has_one_warning() -> None:
    (warning,) = Validity(flops=(1e18, 1e22), params=(1e8, 1e10)).warnings(Run(1e11, 1e12))
    assert "6e23 FLOPs (fitted on 1e18 to 1e22)" in warning
    assert "100B parameters (fitted on 100M to 10.0B)" in warning
    assert "tokens" not in warning


def test_tokens_per_parameter_outside_the_fitted_range_are_named() -> None:
    valid = Validity(params=(1e8, 1e10), tokens_per_param=(20, 320))
    assert valid.warnings(Run(1e9, 1e11)) == ()
    assert valid.warnings(Run(1e9, 1e12)) == (
        "the law is extrapolated: 1.00K tokens per parameter (fitted on 20 to 320)",
    )


def test_the_rounded_constants_warn_about_rounding() -> None:
    assert any("40.4B to 32.2B" in warning for warning in LAWS.get("hoffmann2022-approach3-rounded").metadata.warnings)
    for name, params in (("hoffmann2022-approach3", 40.4e9), ("hoffmann2022-approach3-rounded", 32.2e9)):
        assert LAWS.get(name).optimum(5.76e23).params == pytest.approx(params, rel=2e-3)


def test_only_a_law_for_repeated_data_has_repetition_constants() -> None:
    assert LAWS.get("muennighoff2023").constants["R_D_star"] == 15.387756
    assert "R_D_star" not in LAWS.get("besiroglu2024").constants


def test_the_tokenizers_of_all_laws_but_two_have_token_rates() -> None:
    without = {"porian2024": "a vocabulary of 50,432", "komatsuzaki2019": "sub-word tokens"}
    names = "besiroglu2024 deepseek2024 gadre2024 grattafiori2024 kaplan2020 kaplan2020-small-batch muennighoff2023"
    chinchilla = [f"hoffmann2022-approach{which}" for which in ("1", "2", "3", "3-rounded")]
    for name in (*names.split(), *chinchilla, "sardana2024"):
        assert LAWS.get(name).metadata.tokenizer in token_rates().names, name
    assert {name: LAWS.get(name).metadata.tokenizer for name in without} == without


@pytest.mark.parametrize("name", NAMES)
def test_a_supply_is_converted_to_the_tokens_of_every_law_with_rates(name: str) -> None:
    tokenizer, rates = LAWS.get(name).metadata.tokenizer, token_rates()
    (found,) = convert(Supply((DomainSupply("web", 1.0),), "a test", "cl100k_base"), tokenizer, rates).domains
    assert (found.factor is not None) is (tokenizer in rates.names)
