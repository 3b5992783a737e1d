"""From a law, a budget, a mixture and a supply to a plan."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.plans import make_plan, plan, supply

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_count
from tokaudit.laws.embedding_params import params_non_embedding
from tokaudit.laws.find import shipped_draws, voting_laws
from tokaudit.laws.protocol import LossLaw
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Budget
from tokaudit.supply.types import DomainSupply, Supply

SHARES = st.lists(st.floats(0.01, 1), min_size=1, max_size=4)


def test_a_trillion_tokens_are_enough_for_1e24_flops_at_a_small_cost() -> None:
    made = plan("muennighoff2023", supply(all=1e12), flops=1e24)
    assert (made.constraint, made.cause) == ("compute", None)
    assert made.compute_equivalent_share == pytest.approx(0.959, abs=5e-4)
    assert made.constrained is not None
    assert made.constrained.epochs == pytest.approx(1.947, rel=5e-4)
    assert made.binding_domain == "all"
    assert made.domains[0].verdict == "repeat"


@pytest.mark.parametrize("name", [name for name, law in voting_laws().items() if isinstance(law, LossLaw)])
@pytest.mark.parametrize(
    ("params", "tokens", "constraint", "cause"),
    [
        (175e9, 300e9, "data", "allocation"),
        (280e9, 300e9, "data", "allocation"),
        (540e9, 780e9, "data", "allocation"),
        (70e9, 1.4e12, "compute", None),
        (8e9, 15e12, "model", "allocation"),
    ],
    ids=["GPT-3", "Gopher", "PaLM", "Chinchilla", "Llama-3-8B"],
)
def test_known_runs_are_limited_by_what_is_known_of_them(
    name: str, params: float, tokens: float, constraint: str, cause: str | None
) -> None:
    made = plan(name, params=params, tokens=tokens)
    assert (made.constraint, made.cause) == (constraint, cause)


def test_gopher_was_short_of_tokens_by_its_split_and_not_by_its_supply() -> None:
    made = plan(have=supply(massivetext=2.35e12), params=280e9, tokens=300e9)
    assert (made.constraint, made.cause) == ("data", "allocation")
    assert made.domains[0].epochs == pytest.approx(0.128, abs=5e-4)
    assert made.domains[0].verdict == "enough"
    assert made.binding_domain is None


def test_a_run_can_be_short_by_split_and_supply_both() -> None:
    made = plan(have=supply(web=3e10), params=280e9, tokens=300e9)
    assert (made.constraint, made.cause) == ("data", "both")


def test_a_balanced_run_on_a_small_supply_is_short_by_supply() -> None:
    made = plan(have=supply(web=2e11), params=70e9, tokens=1.4e12)
    assert (made.constraint, made.cause) == ("data", "supply")
    assert made.domains[0].epochs == pytest.approx(7)


def test_a_run_s_loss_is_said_without_repeats_and_with_those_of_the_supply() -> None:
    made = plan("muennighoff2023", supply(web=25e9), params=6.34e9, tokens=242e9)
    assert made.loss is not None
    assert made.loss.total == pytest.approx(2.19492, abs=1e-5)
    assert made.loss.on_supply == pytest.approx(2.2256440889984477, abs=1e-14)  # of the README of the authors' code
    enough, unknown = plan(have=supply(web=1e15), flops=1e22).loss, plan(flops=1e22).loss
    assert enough is not None
    assert unknown is not None
    assert (enough.on_supply, unknown.on_supply) == (enough.total, None)


def test_a_small_model_on_a_small_supply_is_short_of_data_and_told_of_its_split() -> None:
    made = plan(have=supply(web=1e12), params=8e9, tokens=15e12)
    assert (made.constraint, made.cause) == ("data", "supply")
    assert any("short of params" in warning for warning in made.warnings)


def test_a_mixture_that_wears_out_one_domain_is_the_cause_if_another_would_do() -> None:
    have = supply(web=5e12, books=1e10)
    made = plan(have=have, shares={"web": 0.5, "books": 0.5}, flops=1e25)
    assert (made.constraint, made.cause) == ("data", "mixture")
    assert made.mixture_suggested is not None
    better = plan(have=have, shares=dict(made.mixture_suggested), flops=1e25)
    assert better.constraint == "compute"
    assert max(entry.epochs or 0 for entry in better.domains) <= 4 * (1 + 1e-5)
    assert {entry.verdict for entry in better.domains} <= {"enough", "repeat"}


def test_a_given_run_s_mixture_is_the_cause_if_another_would_do() -> None:
    made = plan(have=supply(web=2e12, books=1e10), shares={"web": 0.5, "books": 0.5}, params=70e9, tokens=1.4e12)
    assert (made.constraint, made.cause) == ("data", "mixture")
    assert made.mixture_suggested == pytest.approx({"web": 1 - 4e10 / 1.4e12, "books": 4e10 / 1.4e12})


def test_a_split_that_no_mixture_mends_leaves_the_supply_as_the_cause() -> None:
    made = plan(have=supply(web=4e12, code=5e10), shares={"web": 0.7, "code": 0.3}, params=8e9, tokens=3e12)
    assert made.mixture_suggested is not None
    better = plan(have=supply(web=4e12, code=5e10), shares=dict(made.mixture_suggested), params=8e9, tokens=3e12)

    assert (better.compute_equivalent_share or 0) < 0.8
    assert (made.constraint, made.cause) == ("data", "supply")


def test_what_no_mixture_can_give_is_said_with_the_tokens_there_are() -> None:
    made = plan(have=supply(web=1e10, code=3e10), shares={"web": 0.5, "code": 0.5}, params=70e9, tokens=1.4e12)
    assert made.cause == "supply"
    assert made.mixture_suggested == pytest.approx({"web": 0.25, "code": 0.75})
    assert any("160B tokens, the most there are" in warning for warning in made.warnings)


def test_limits_of_epochs_shape_the_suggested_mixture() -> None:
    law = LAWS.get("besiroglu2024")
    made = make_plan(
        "besiroglu2024",
        law,
        Budget(6 * 70e9 * 1.4e12, 70e9, 1.4e12),
        supply(web=2e12, books=1e10),
        {"web": 0.5, "books": 0.5},
        max_epochs=2,
        max_epochs_of={"books": 1},
    )
    assert made.mixture_suggested is not None
    assert made.mixture_suggested["books"] == pytest.approx(1e10 / 1.4e12)


def test_shares_follow_the_supply_if_none_are_given() -> None:
    made = plan(have=supply(web=3e12, code=1e12), flops=1e24)
    assert {entry.domain: entry.share for entry in made.domains} == {"web": 0.75, "code": 0.25}


def test_far_beyond_its_supply_a_budget_has_no_best_run() -> None:
    made = plan(have=supply(web=1e10), flops=1e28)
    assert made.constrained is None
    assert made.constraint == "data"
    assert made.binding_domain == "web"
    assert any(warning.startswith("compute no longer helps") for warning in made.warnings)
    assert made.compute_equivalent_share is not None
    assert 0 < made.compute_equivalent_share < 1e-4


def test_beyond_sixteen_epochs_the_cost_is_a_lower_bound() -> None:
    made = plan(have=supply(web=1e10), flops=6e21)
    assert made.domains[0].verdict == "exhausted"
    assert any("beyond 16 epochs" in warning and "web" in warning for warning in made.warnings)


def test_borrowed_constants_are_named_with_the_part_of_excess_params() -> None:
    made = plan(have=supply(web=1e12), flops=1e25)
    (warning,) = (warning for warning in made.warnings if "borrowed" in warning)
    assert "R_D* = 15.39 and R_N* = 5.31" in warning
    assert "% of the cost of missing data is R_N*'s" in warning
    own = plan("muennighoff2023", supply(web=1e12), flops=1e25)
    assert not any("borrowed" in warning for warning in own.warnings)


def test_a_law_warns_of_the_run_on_the_supply_and_not_of_the_optimum() -> None:
    made = plan(have=supply(web=1e12), flops=1e25)
    (warning,) = (warning for warning in made.warnings if "extrapolated" in warning)
    assert made.constrained is not None
    assert f"{format_count(made.constrained.tokens)} tokens (" in warning
    assert f"{format_count(made.optimal.tokens)} tokens (" not in warning


def test_whose_tokens_are_compared_is_said() -> None:
    bare = plan(have=supply(web=1e12), flops=1e24)
    assert any("bare numbers is taken as the law's tokens" in warning for warning in bare.warnings)
    counted = Supply((DomainSupply("web", 1e12),), "measured", "cl100k_base", ("web and code share 5 tokens",))
    made = plan(have=counted, flops=1e24)
    assert any("SentencePiece 32k" in warning and "cl100k_base" in warning for warning in made.warnings)
    assert "web and code share 5 tokens" in made.warnings


def test_without_a_supply_the_law_s_optimum_stands_and_data_can_t_be_judged() -> None:
    made = plan(flops=1e24)
    assert made.domains == ()
    assert made.constraint is None
    assert made.constrained is None
    assert made.compute_equivalent_share is None
    assert any(warning.startswith("no supply given") for warning in made.warnings)


def test_a_mixture_without_a_supply_says_what_each_domain_must_give() -> None:
    made = plan(shares={"web": 0.7, "code": 0.3}, flops=1e24)
    assert [entry.tokens_needed / made.optimal.tokens for entry in made.domains] == pytest.approx([0.7, 0.3])
    assert made.domains[0].verdict is None


def test_a_run_that_serves_enough_was_the_cheapest_of_its_quality() -> None:
    # arXiv:2401.00448: 10T tokens served at the quality of a 30B Chinchilla.
    made = plan("sardana2024", params=13.61e9, tokens=4.43e12)
    assert made.implied_inference_tokens == pytest.approx(1.0016e13, rel=1e-3)
    assert plan(params=280e9, tokens=300e9).implied_inference_tokens is None
    # Balanced, but short of tokens rather than of parameters.
    balanced = plan("hoffmann2022-approach3", params=70e9, tokens=1.4e12)
    assert balanced.implied_inference_tokens is None
    assert plan(flops=1e24).implied_inference_tokens is None


def test_the_loss_of_a_given_run_is_its_own_and_not_that_of_the_optimum() -> None:
    made = plan("hoffmann2022-approach3-rounded", params=280e9, tokens=300e9)
    assert made.loss is not None
    assert made.loss.total == pytest.approx(1.993, abs=6e-4)
    assert made.optimal.loss is not None
    assert made.optimal.loss < made.loss.total


def test_a_plan_says_how_many_laws_agree_and_what_each_of_them_says() -> None:
    law = LAWS.get("besiroglu2024")
    budget = budget_for(law, params=175e9, tokens=300e9)
    made = make_plan("besiroglu2024", law, budget, supply(), voters=voting_laws())
    assert made.sensitivity is not None
    said = {verdict.law: verdict.constraint for verdict in made.sensitivity}
    assert list(said) == sorted(voting_laws())
    assert said["besiroglu2024"] == made.constraint == "data"
    assert said["kaplan2020"] == "compute"
    assert made.agreement is not None
    assert made.agreement.laws == len(said)
    assert made.agreement.same_verdict == list(said.values()).count("data")
    assert made.agreement.draws_same_verdict is None


@pytest.mark.parametrize("name", ["hoffmann2022-approach3", "kaplan2020", "muennighoff2023"])
def test_another_law_says_what_its_own_plan_would(name: str) -> None:
    law, have = LAWS.get("besiroglu2024"), supply(web=1e12, code=1e11)
    made = make_plan("besiroglu2024", law, Budget(1e25), have, voters=voting_laws())
    own = make_plan(name, LAWS.get(name), Budget(1e25), have)
    (verdict,) = (verdict for verdict in made.sensitivity or () if verdict.law == name)
    assert (verdict.params, verdict.tokens) == (own.optimal.params, own.optimal.tokens)
    assert verdict.constraint == own.constraint
    assert verdict.compute_equivalent_share == own.compute_equivalent_share


def test_a_law_that_is_not_asked_otherwise_is_asked_of_its_own_plan() -> None:
    law = LAWS.get("komatsuzaki2019")
    made = make_plan("komatsuzaki2019", law, Budget(1e23), supply(web=1e14), voters=voting_laws())
    assert made.agreement is not None
    assert made.agreement.laws == made.agreement.same_verdict == len(voting_laws()) + 1


def test_without_a_verdict_laws_have_optima_to_compare_and_nothing_to_agree_on() -> None:
    law = LAWS.get("besiroglu2024")
    made = make_plan("besiroglu2024", law, Budget(1e24), supply(), voters=voting_laws())
    assert made.agreement is None
    assert made.sensitivity is not None
    assert {verdict.constraint for verdict in made.sensitivity} == {None}


def test_a_frontier_plans_without_a_loss_and_says_so() -> None:
    made = plan("hoffmann2022-approach1", supply(web=1e12), flops=1e25)
    assert made.loss is None
    assert made.optimal.loss is None
    assert (made.tokens_side, made.compute_equivalent_share, made.share_data) == (None, None, None)
    assert made.constrained is None
    assert made.constraint == "data"
    assert made.domains[0].epochs == pytest.approx(made.optimal.tokens / 1e12)
    assert any("knows optimal runs only" in warning for warning in made.warnings)
    assert any("borrowed from muennighoff2023" in warning for warning in made.warnings)


def test_params_are_compared_as_the_law_counts_them() -> None:
    made = plan("kaplan2020", params=1e8, tokens=2e9)
    assert made.budget.params == 1e8
    assert made.budget.flops == pytest.approx(1.2e18)
    counted = params_non_embedding(1e8)
    assert made.optimal == plan("kaplan2020", flops=6 * counted * 2e9).optimal
    assert any("the run's count as 79.6M" in warning for warning in made.warnings)
    assert made.optimal.loss == LAWS.get("kaplan2020").optimal_loss(6 * counted * 2e9)
    assert made.loss is None
    alone = plan("kaplan2020", params=1e8)
    assert alone.optimal.params == pytest.approx(counted)


@settings(max_examples=25, deadline=None)
@given(weights=SHARES, unique=st.lists(st.floats(1e9, 1e14), min_size=4, max_size=4), exponent=st.floats(19, 27))
def test_a_plan_holds_together_whatever_is_asked(weights: list[float], unique: list[float], exponent: float) -> None:
    names = "abcd"[: len(weights)]
    shares = {name: weight / math.fsum(weights) for name, weight in zip(names, weights, strict=True)}
    made = plan(have=supply(**dict(zip(names, unique, strict=False))), shares=shares, flops=10**exponent)
    assert 6 * made.optimal.params * made.optimal.tokens == pytest.approx(10**exponent)
    assert math.fsum(entry.tokens_needed for entry in made.domains) == pytest.approx(made.optimal.tokens)
    assert made.share_data_low is not None
    assert made.share_data is not None
    assert made.share_data_high is not None
    assert 0 <= made.share_data_low <= made.share_data <= made.share_data_high <= 1
    assert (made.constraint == "data") == (made.share_data < 0.8)
    assert made.mixture_suggested is None or math.fsum(made.mixture_suggested.values()) == pytest.approx(1)
    if made.constrained:
        assert 6 * made.constrained.params * made.constrained.tokens == pytest.approx(10**exponent)
        assert made.constrained.loss >= (made.optimal.loss or 0) * (1 - 1e-12)
        for entry in made.domains:
            assert entry.tokens_effective is not None
            assert entry.tokens_effective <= entry.share * made.constrained.tokens * (1 + 1e-12)


@pytest.mark.parametrize(
    ("have", "shares", "what"),
    [
        ({"web": 1e12}, {"web": 0.5, "code": 0.5}, r"no domain 'code' \(it has web\)"),
        (
            {"web": 1e12, "code": 0.0},
            {"web": 0.5, "code": 0.5},
            "--mixture asks for code, of which the supply has no unique tokens; give its tokens",
        ),
        ({"web": 0.0}, None, "no unique tokens in any domain"),
        ({"web": math.nan}, None, "nan tokens of web"),
        ({"web": 1e300}, None, "1e\\+300 tokens of web"),
    ],
)
def test_a_mixture_that_the_supply_can_t_fill_is_refused(
    have: dict[str, float], shares: dict[str, float] | None, what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        plan(have=supply(**have), shares=shares, flops=1e24)


def test_draws_of_a_law_s_constants_give_an_interval_and_a_share_that_agrees() -> None:
    law, draws = LAWS.get("besiroglu2024"), shipped_draws("besiroglu2024")
    made = make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply(web=1.52e12), draws=draws)
    assert made.interval is not None
    assert made.interval.params_low < made.optimal.params < made.interval.params_high
    assert made.interval.tokens_low < made.optimal.tokens < made.interval.tokens_high
    assert made.agreement is not None
    assert made.agreement.draws_same_verdict is not None
    assert 0.2 < made.agreement.draws_same_verdict < 0.8  # the share of the budget that is left is just 0.80
    plenty = make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply(web=1e15), draws=draws)
    assert plenty.agreement is not None
    assert plenty.agreement.draws_same_verdict == 1


def test_without_draws_there_is_no_interval_and_the_plan_says_so() -> None:
    made = plan("hoffmann2022-approach3", supply(web=1e12), flops=1e24)
    assert made.interval is None
    assert made.agreement is not None
    assert made.agreement.draws_same_verdict is None
    assert any("no interval can be said" in warning for warning in made.warnings)


def test_the_cheapest_run_over_a_lifetime_is_as_good_as_the_run_given() -> None:
    # arXiv:2401.00448, section 3: of a 30B model's quality, with 10T tokens served.
    law = LAWS.get("sardana2024")
    best = law.optimum_of_params(30e9)
    budget = budget_for(law, params=30e9, tokens=best.tokens)
    have, shares = supply(web=1e12, code=1e13), {"web": 0.5, "code": 0.5}
    made = make_plan("sardana2024", law, budget, have, shares, tokens_served=1e13)
    assert made.inference is not None
    assert made.inference.tokens_served == 1e13
    assert made.inference.params == pytest.approx(13.61e9, rel=1e-3)
    assert made.inference.flops_saved_share == pytest.approx(0.2798, abs=1e-3)
    (said,) = (warning for warning in made.warnings if warning.startswith("the cheapest run over its lifetime"))
    assert "web 2.21 (the plan's run 0.778)" in said
    assert "code" not in said


def test_a_budget_s_cheapest_run_over_a_lifetime_is_as_good_as_its_best() -> None:
    law = LAWS.get("besiroglu2024")
    assert isinstance(law, LossLaw)
    made = make_plan("besiroglu2024", law, budget_for(law, flops=1e24), supply(), tokens_served=1e13)
    assert made.inference is not None
    assert law.loss(made.inference.params, made.inference.tokens) == pytest.approx(made.optimal.loss)
    assert made.inference.params < made.optimal.params
    assert not any("over its lifetime" in warning for warning in made.warnings)


def test_a_law_without_a_loss_knows_no_lifetime() -> None:
    law = LAWS.get("porian2024")
    made = make_plan("porian2024", law, budget_for(law, flops=1e24), supply(), tokens_served=1e13)
    assert made.inference is None
    assert any("cheapest over a lifetime can't be said" in warning for warning in made.warnings)


def test_nothing_is_said_of_a_lifetime_that_nobody_asked_for() -> None:
    made = plan("porian2024", flops=1e24)
    assert made.inference is None
    assert not any("lifetime" in warning for warning in made.warnings)
