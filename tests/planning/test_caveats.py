"""Warnings of a plan."""

from dataclasses import replace

from made.plans import plan
from made.runs import BESIROGLU

from tokaudit.laws.published import LAWS
from tokaudit.planning import caveats
from tokaudit.planning.case import ComputeShares
from tokaudit.planning.plan import Budget, DomainPlan
from tokaudit.planning.plan_value import Worth
from tokaudit.supply.types import DomainSupply, Factor, Supply

LAW = LAWS.get("besiroglu2024")


def domain(name: str, epochs: float | None, share: float = 0.5) -> DomainPlan:
    return DomainPlan(name, share, tokens_needed=1e12, tokens_unique=1e12, epochs=epochs)


def test_a_law_that_counts_active_parameters_says_so() -> None:
    run = LAW.optimum(1e24)
    assert list(caveats.law_caveats(LAW, run, None, [])) == []
    (said,) = caveats.law_caveats(
        replace(BESIROGLU, metadata=replace(LAW.metadata, params_counted="active")), run, run, []
    )
    assert said.startswith("the law counts active parameters, so --params")


def test_repeats_that_cost_nothing_have_no_caveat() -> None:
    assert (
        list(caveats.repetition_caveats(LAW, ComputeShares(1.0, (1.0,)), None, [domain("web", 0.5)], helps=True)) == []
    )


def test_domains_beyond_sixteen_epochs_are_named_with_their_epochs() -> None:
    (warning,) = caveats.repetition_caveats(
        LAW, ComputeShares(1.0, ()), None, [domain("web", 16.0), domain("code", 20.0)], helps=True
    )
    assert "code (20 epochs)" in warning
    assert "web" not in warning


def test_one_domain_has_no_caveat_about_mixtures() -> None:
    assert list(caveats.mixture_caveats([domain("web", 0.5, share=1.0), domain("code", 0.0, share=0.0)], None)) == []


def test_domains_without_repeats_have_one_caveat_about_mixtures() -> None:
    assert len(list(caveats.mixture_caveats([domain("web", 0.5), domain("code", 0.5)], None))) == 1
    assert len(list(caveats.mixture_caveats([domain("web", 0.5), domain("code", 1.5)], None))) == 2


def test_too_few_tokens_within_the_allowed_epochs_are_named() -> None:
    (said,) = caveats.mixture_caveats([domain("web", 5.0, share=1.0), domain("code", 0.0, share=0.0)], 4e9)
    assert said == "within the allowed epochs there are 4.00B tokens, fewer than the plan needs"
    *_, said = caveats.mixture_caveats([domain("web", 5.0), domain("code", 0.0)], 4e9)
    assert said.startswith("no mixture of these domains has as many tokens as the plan needs")


def test_a_run_short_of_parameters_and_of_supply_has_a_caveat() -> None:
    assert list(caveats.given_run_caveats("model", "model")) == []
    assert list(caveats.given_run_caveats("data", "data")) == []
    assert len(list(caveats.given_run_caveats("model", "data"))) == 1


def test_a_law_without_one_epoch_draws_says_there_is_no_interval() -> None:
    assert list(caveats.draws_caveats({"E", "A", "B", "alpha", "beta"})) == []
    assert list(caveats.draws_caveats({"k_N", "a"})) == []
    (none,) = caveats.draws_caveats({})
    assert "no interval" in none
    (some,) = caveats.draws_caveats(["R_D_star", "R_N_star"])
    assert some.startswith("only R_D_star and R_N_star have joint draws")


def is_open(have: Supply, shares: dict[str, float], **budget: float) -> bool:
    """Whether the plan says that its verdict is uncertain."""
    return any("verdict is uncertain" in warning for warning in plan("besiroglu2024", have, shares, **budget).warnings)


def test_a_verdict_that_differs_at_the_supply_s_bounds_is_uncertain() -> None:
    shares = {"web": 0.7, "books": 0.3}
    web = DomainSupply("web", 2e13, 2e13, 2e13)
    known = Supply((web, DomainSupply("books", 3e11, 3e10, 3e12)), "a test")
    (said,) = (warning for warning in plan(have=known, shares=shares, flops=1e25).warnings if "uncertain" in warning)
    assert said == "the verdict is uncertain: data at the supply's low bounds, compute at its high bounds"
    assert not is_open(Supply((web, DomainSupply("books", 3e11, 2.9e11, 3e12)), "a test"), shares, flops=1e25)


def test_bounds_of_an_unused_domain_leave_the_verdict_certain() -> None:
    have = Supply((DomainSupply("web", 2e12), DomainSupply("code", 2e13, 1e12, 6e13)), "a test")
    assert not is_open(have, {"web": 1.0, "code": 0.0}, flops=1e25)


def test_a_needed_domain_that_may_be_empty_leaves_the_verdict_open() -> None:
    have = Supply((DomainSupply("web", 2e13), DomainSupply("code", 2e13, 0.0)), "a test")
    assert is_open(have, {"web": 0.5, "code": 0.5}, flops=1e25)
    assert not is_open(have, {"web": 0.999, "code": 0.001}, flops=1e25)
    assert not is_open(have, {"web": 1.0, "code": 0.0}, flops=1e25)


def test_a_run_short_of_tokens_by_its_split_has_a_certain_verdict() -> None:
    assert not is_open(Supply((DomainSupply("web", 1e12, 1e9, 1e13),), "a test"), {"web": 1}, params=280e9, tokens=3e11)
    assert is_open(Supply((DomainSupply("web", 1e12, 1e9, 1e13),), "a test"), {"web": 1}, params=70e9, tokens=1.4e12)


def test_a_budget_s_tokens_are_taken_as_the_law_s() -> None:
    factor = Factor(1.5, 1.5, 1.5, "somewhere")
    supply = Supply((DomainSupply("web", 80.0, factor=factor),), "a test", "mine")
    (said,) = caveats.supply_caveats(LAW, Budget(1e24, 1e9, 1e12), supply)
    assert said.endswith("web times 1.5, somewhere; the budget's tokens are taken as the law's")
    (said,) = caveats.supply_caveats(LAW, Budget(1e24), supply)
    assert said.endswith("web times 1.5, somewhere")


def test_a_law_without_a_loss_knows_no_value_of_tokens() -> None:
    assert list(caveats.value_caveats([])) == []
    (said,) = caveats.value_caveats([Worth("code", 1e11, True, None, None, None, None, None)])
    assert "no loss" in said
