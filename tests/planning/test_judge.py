"""What limits a run, why, and how many laws and draws agree."""

import pytest
from made.plans import make_plan, optimal, plan, supply

from tokaudit.laws.find import asked_laws, shipped_draws
from tokaudit.laws.protocol import LossLaw
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Budget


@pytest.mark.parametrize("name", [name for name, law in asked_laws().items() if isinstance(law, LossLaw)])
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
def test_known_runs_have_their_known_constraints(
    name: str, params: float, tokens: float, constraint: str, cause: str | None
) -> None:
    made = plan(name, params=params, tokens=tokens)
    assert (made.constraint, made.cause) == (constraint, cause)


def test_gopher_was_short_of_tokens_by_its_split_only() -> None:
    made = plan(have=supply(massivetext=2.35e12), params=280e9, tokens=300e9)
    assert (made.constraint, made.cause) == ("data", "allocation")
    assert made.domains[0].epochs == pytest.approx(0.128, abs=5e-4)
    assert made.domains[0].verdict == "enough"
    assert made.binding_domain is None


def test_a_run_can_be_short_of_tokens_by_split_and_supply() -> None:
    made = plan(have=supply(web=3e10), params=280e9, tokens=300e9)
    assert (made.constraint, made.cause) == ("data", "both")


def test_a_balanced_run_on_a_small_supply_is_limited_by_supply() -> None:
    made = plan(have=supply(web=2e11), params=70e9, tokens=1.4e12)
    assert (made.constraint, made.cause) == ("data", "supply")
    assert made.domains[0].epochs == pytest.approx(7)


def test_a_small_model_on_a_small_supply_is_warned_of_its_split() -> None:
    made = plan(have=supply(web=1e12), params=8e9, tokens=15e12)
    assert (made.constraint, made.cause) == ("data", "supply")
    assert any("short of parameters" in warning for warning in made.warnings)


def test_the_mixture_is_the_cause_if_another_one_would_do() -> None:
    have = supply(web=5e12, books=1e10)
    made = plan(have=have, shares={"web": 0.5, "books": 0.5}, flops=1e25)
    assert (made.constraint, made.cause) == ("data", "mixture")
    assert made.mixture_suggested is not None
    better = plan(have=have, shares=dict(made.mixture_suggested), flops=1e25)
    assert better.constraint == "compute"
    assert max(entry.epochs or 0 for entry in better.domains) <= 4 * (1 + 1e-5)
    assert {entry.verdict for entry in better.domains} <= {"enough", "repeat"}


def test_the_mixture_of_a_given_run_is_the_cause_if_another_would_do() -> None:
    made = plan(have=supply(web=2e12, books=1e10), shares={"web": 0.5, "books": 0.5}, params=70e9, tokens=1.4e12)
    assert (made.constraint, made.cause) == ("data", "mixture")
    assert made.mixture_suggested == pytest.approx({"web": 1 - 4e10 / 1.4e12, "books": 4e10 / 1.4e12})


def test_the_supply_is_the_cause_if_no_mixture_would_do() -> None:
    made = plan(have=supply(web=4e12, code=5e10), shares={"web": 0.7, "code": 0.3}, params=8e9, tokens=3e12)
    assert made.mixture_suggested is not None
    better = plan(have=supply(web=4e12, code=5e10), shares=dict(made.mixture_suggested), params=8e9, tokens=3e12)

    assert (better.compute_equivalent_share or 0) < 0.8
    assert (made.constraint, made.cause) == ("data", "supply")


def test_a_budget_far_beyond_its_supply_has_no_best_run() -> None:
    made = plan(have=supply(web=1e10), flops=1e28)
    assert made.constrained is None
    assert made.constraint == "data"
    assert made.binding_domain == "web"
    assert any(warning.startswith("more compute no longer helps") for warning in made.warnings)
    assert made.compute_equivalent_share is not None
    assert 0 < made.compute_equivalent_share < 1e-4


def test_a_plan_has_the_verdict_of_every_law() -> None:
    law = LAWS.get("besiroglu2024")
    budget = budget_for(law, params=175e9, tokens=300e9)
    made = make_plan("besiroglu2024", law, budget, supply(), voters=asked_laws())
    assert made.sensitivity is not None
    said = {verdict.law: verdict.constraint for verdict in made.sensitivity}
    assert list(said) == sorted(asked_laws())
    assert said["besiroglu2024"] == made.constraint == "data"
    assert said["kaplan2020"] == "compute"
    assert made.agreement is not None
    votes = [verdict.constraint for verdict in made.sensitivity if verdict.votes]
    assert {verdict.law for verdict in made.sensitivity if verdict.votes} == {
        *("besiroglu2024", "deepseek2024", "grattafiori2024", "muennighoff2023", "porian2024")
    }
    assert made.agreement.laws == 5
    assert made.agreement.same_verdict == votes.count("data")
    assert made.agreement.draws_same_verdict is None


@pytest.mark.parametrize("name", ["hoffmann2022-approach3", "kaplan2020", "muennighoff2023"])
def test_another_law_says_the_same_as_its_own_plan(name: str) -> None:
    law, have = LAWS.get("besiroglu2024"), supply(web=1e12, code=1e11)
    made = make_plan("besiroglu2024", law, Budget(1e25), have, voters=asked_laws())
    own = make_plan(name, LAWS.get(name), Budget(1e25), have)
    (verdict,) = (verdict for verdict in made.sensitivity or () if verdict.law == name)
    assert (verdict.params, verdict.tokens) == (optimal(own).params, optimal(own).tokens)
    assert verdict.constraint == own.constraint
    assert verdict.compute_equivalent_share == own.compute_equivalent_share


def test_a_law_that_is_quoted_has_no_vote_in_its_own_plan() -> None:
    law = LAWS.get("komatsuzaki2019")
    made = make_plan("komatsuzaki2019", law, Budget(1e23), supply(web=1e14), voters=asked_laws())
    assert made.agreement is not None
    assert made.agreement.laws == made.agreement.same_verdict == 5
    assert {verdict.law: verdict.votes for verdict in made.sensitivity or ()}["komatsuzaki2019"] is False


def test_without_a_verdict_laws_have_optima_but_no_agreement() -> None:
    law = LAWS.get("besiroglu2024")
    made = make_plan("besiroglu2024", law, Budget(1e24), supply(), voters=asked_laws())
    assert made.agreement is None
    assert made.sensitivity is not None
    assert {verdict.constraint for verdict in made.sensitivity} == {None}


def test_draws_give_an_interval_and_a_share_that_agrees() -> None:
    law, draws = LAWS.get("besiroglu2024"), shipped_draws("besiroglu2024")
    made = make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply(web=1.52e12), draws=draws)
    assert made.interval is not None
    assert made.interval.params_low < optimal(made).params < made.interval.params_high
    assert made.interval.tokens_low < optimal(made).tokens < made.interval.tokens_high
    assert made.agreement is not None
    assert made.agreement.draws_same_verdict is not None
    assert 0.2 < made.agreement.draws_same_verdict < 0.8  # the share of the budget is just 0.80
    plenty = make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply(web=1e15), draws=draws)
    assert plenty.agreement is not None
    assert plenty.agreement.draws_same_verdict == 1
