"""What a plan says in addition to its verdict: losses, cost of repeats, lifetimes, and warnings."""

import pytest
from made.plans import make_plan, optimal, plan, supply

from tokaudit.core.units import format_count
from tokaudit.laws.protocol import LossLaw
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.supply.types import DomainSupply, Supply


def test_a_plan_has_the_loss_with_and_without_repeats() -> None:
    made = plan("muennighoff2023", supply(web=25e9), params=6.34e9, tokens=242e9)
    assert made.loss is not None
    assert made.loss.total == pytest.approx(2.19492, abs=1e-5)
    assert made.loss.on_supply == pytest.approx(2.2256440889984477, abs=1e-14)  # from the README of the authors' code
    enough, unknown = plan(have=supply(web=1e15), flops=1e22).loss, plan(flops=1e22).loss
    assert enough is not None
    assert unknown is not None
    assert (enough.on_supply, unknown.on_supply) == (enough.total, None)


def test_beyond_sixteen_epochs_the_cost_is_a_lower_bound() -> None:
    made = plan(have=supply(web=1e10), flops=6e21)
    assert made.domains[0].verdict == "exhausted"
    assert any("beyond 16 epochs" in warning and "web" in warning for warning in made.warnings)


def test_a_warning_names_borrowed_constants() -> None:
    made = plan(have=supply(web=1e12), flops=1e25)
    (warning,) = (warning for warning in made.warnings if "borrowed" in warning)
    assert "R_D* = 15.4 and R_N* = 5.31" in warning
    assert "% of the loss from limited data comes from excess parameters (R_N*)" in warning
    own = plan("muennighoff2023", supply(web=1e12), flops=1e25)
    assert not any("borrowed" in warning for warning in own.warnings)


def test_a_law_warns_of_the_run_on_supply_not_of_the_optimum() -> None:
    made = plan(have=supply(web=1e12), flops=1e25)
    (warning,) = (warning for warning in made.warnings if "extrapolated" in warning)
    assert made.constrained is not None
    assert f"{format_count(made.constrained.tokens)} tokens (" in warning
    assert f"{format_count(optimal(made).tokens)} tokens (" not in warning


def test_a_warning_says_which_tokens_are_compared() -> None:
    bare = plan(have=supply(web=1e12), flops=1e24)
    assert any(
        "names no tokenizer, so its numbers are taken as the law's tokens" in warning for warning in bare.warnings
    )
    counted = Supply((DomainSupply("web", 1e12),), "measured", "cl100k_base", ("web and code share 5 tokens",))
    made = plan(have=counted, flops=1e24)
    assert any("SentencePiece 32k" in warning and "cl100k_base" in warning for warning in made.warnings)
    assert "web and code share 5 tokens" in made.warnings


def test_the_implied_inference_tokens_are_the_published_ones() -> None:
    # arXiv:2401.00448: 10T tokens served at the quality of a 30B Chinchilla model.
    made = plan("sardana2024", params=13.61e9, tokens=4.43e12)
    assert made.implied_inference_tokens == pytest.approx(1.0016e13, rel=1e-3)
    assert plan(params=280e9, tokens=300e9).implied_inference_tokens is None
    # A balanced run, but on the side that is short of tokens.
    balanced = plan("hoffmann2022-approach3", params=70e9, tokens=1.4e12)
    assert balanced.implied_inference_tokens is None
    assert plan(flops=1e24).implied_inference_tokens is None


def test_the_loss_of_a_given_run_is_its_own() -> None:
    made = plan("hoffmann2022-approach3-rounded", params=280e9, tokens=300e9)
    assert made.loss is not None
    assert made.loss.total == pytest.approx(1.993, abs=6e-4)
    best = optimal(made).loss
    assert best is not None
    assert best < made.loss.total


def test_without_draws_a_plan_says_that_there_is_no_interval() -> None:
    made = plan("hoffmann2022-approach3", supply(web=1e12), flops=1e24)
    assert made.interval is None
    assert made.agreement is not None
    assert made.agreement.draws_same_verdict is None
    assert any("so there are no intervals" in warning for warning in made.warnings)


def test_the_cheapest_run_over_a_lifetime_matches_the_given_run() -> None:
    # arXiv:2401.00448, section 3: the quality of a 30B model, with 10T tokens served.
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
    assert "web 2.21 (the plan's run: 0.778)" in said
    assert "code" not in said


def test_the_cheapest_run_of_a_budget_matches_its_best_run() -> None:
    law = LAWS.get("besiroglu2024")
    assert isinstance(law, LossLaw)
    made = make_plan("besiroglu2024", law, budget_for(law, flops=1e24), supply(), tokens_served=1e13)
    assert made.inference is not None
    assert law.loss(made.inference.params, made.inference.tokens) == pytest.approx(optimal(made).loss)
    assert made.inference.params < optimal(made).params
    assert not any("over its lifetime" in warning for warning in made.warnings)


def test_a_law_without_a_loss_has_no_cheapest_run() -> None:
    law = LAWS.get("porian2024")
    made = make_plan("porian2024", law, budget_for(law, flops=1e24), supply(), tokens_served=1e13)
    assert made.inference is None
    assert any("the cheapest equally good run over a lifetime is not known" in warning for warning in made.warnings)


def test_without_tokens_to_serve_a_plan_says_nothing_of_a_lifetime() -> None:
    made = plan("porian2024", flops=1e24)
    assert made.inference is None
    assert not any("lifetime" in warning for warning in made.warnings)
