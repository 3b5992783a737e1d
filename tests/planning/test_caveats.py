"""The sentences that come with a plan."""

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


def test_whose_parameters_are_compared_is_said_where_they_are_not_all_of_them() -> None:
    run = LAW.optimum(1e24)
    assert list(caveats.law_caveats(LAW, run, None, [])) == []
    (said,) = caveats.law_caveats(
        replace(BESIROGLU, metadata=replace(LAW.metadata, params_counted="active")), run, run, []
    )
    assert said.startswith("the law counts active parameters, so --params")


def test_nothing_is_said_of_repeats_where_nothing_is_lost() -> None:
    assert (
        list(caveats.repetition_caveats(LAW, ComputeShares(1.0, (1.0,)), None, [domain("web", 0.5)], helps=True)) == []
    )


def test_domains_used_too_often_are_named_with_their_epochs() -> None:
    (warning,) = caveats.repetition_caveats(
        LAW, ComputeShares(1.0, ()), None, [domain("web", 16.0), domain("code", 20.0)], helps=True
    )
    assert "code (20 epochs)" in warning
    assert "web" not in warning


def test_one_domain_needs_no_word_on_mixtures() -> None:
    assert list(caveats.mixture_caveats([domain("web", 0.5, share=1.0), domain("code", 0.0, share=0.0)], None)) == []


def test_two_domains_without_repeats_need_no_word_on_the_sum_over_domains() -> None:
    assert len(list(caveats.mixture_caveats([domain("web", 0.5), domain("code", 0.5)], None))) == 1
    assert len(list(caveats.mixture_caveats([domain("web", 0.5), domain("code", 1.5)], None))) == 2


def test_too_few_tokens_within_the_allowed_epochs_are_no_matter_of_mixture_where_there_is_one_domain() -> None:
    (said,) = caveats.mixture_caveats([domain("web", 5.0, share=1.0), domain("code", 0.0, share=0.0)], 4e9)
    assert said == "within the allowed epochs there are 4.00B tokens, fewer than the plan needs"
    *_, said = caveats.mixture_caveats([domain("web", 5.0), domain("code", 0.0)], 4e9)
    assert said.startswith("no mixture of these domains has as many tokens as the plan needs")


def test_only_a_run_short_of_parameters_by_split_and_of_data_by_supply_is_told_so() -> None:
    assert list(caveats.given_run_caveats("model", "model")) == []
    assert list(caveats.given_run_caveats("data", "data")) == []
    assert len(list(caveats.given_run_caveats("model", "data"))) == 1


def test_a_law_without_draws_of_its_one_epoch_constants_says_that_there_is_no_interval() -> None:
    assert list(caveats.draws_caveats({"E", "A", "B", "alpha", "beta"})) == []
    assert list(caveats.draws_caveats({"k_N", "a"})) == []
    (none,) = caveats.draws_caveats({})
    assert "no interval" in none
    (some,) = caveats.draws_caveats(["R_D_star", "R_N_star"])
    assert some.startswith("only R_D_star and R_N_star have joint draws")


def is_open(have: Supply, shares: dict[str, float], **budget: float) -> bool:
    """Whether the plan says so."""
    return any("verdict is uncertain" in warning for warning in plan("besiroglu2024", have, shares, **budget).warnings)


def test_a_verdict_is_open_if_it_is_another_at_one_end_of_what_is_known_of_the_supply() -> None:
    shares = {"web": 0.7, "books": 0.3}
    web = DomainSupply("web", 2e13, 2e13, 2e13)
    known = Supply((web, DomainSupply("books", 3e11, 3e10, 3e12)), "a test")
    (said,) = (warning for warning in plan(have=known, shares=shares, flops=1e25).warnings if "uncertain" in warning)
    assert said == "the verdict is uncertain: data at the supply's low bounds, compute at its high bounds"
    assert not is_open(Supply((web, DomainSupply("books", 3e11, 2.9e11, 3e12)), "a test"), shares, flops=1e25)


def test_bounds_of_a_domain_that_the_mixture_leaves_out_open_no_verdict() -> None:
    have = Supply((DomainSupply("web", 2e12), DomainSupply("code", 2e13, 1e12, 6e13)), "a test")
    assert not is_open(have, {"web": 1.0, "code": 0.0}, flops=1e25)


def test_a_domain_of_which_there_may_be_nothing_opens_the_verdict_if_the_run_needs_it() -> None:
    have = Supply((DomainSupply("web", 2e13), DomainSupply("code", 2e13, 0.0)), "a test")
    assert is_open(have, {"web": 0.5, "code": 0.5}, flops=1e25)
    assert not is_open(have, {"web": 0.999, "code": 0.001}, flops=1e25)
    assert not is_open(have, {"web": 1.0, "code": 0.0}, flops=1e25)


def test_no_bound_opens_the_verdict_of_a_run_that_its_split_leaves_short_of_tokens() -> None:
    assert not is_open(Supply((DomainSupply("web", 1e12, 1e9, 1e13),), "a test"), {"web": 1}, params=280e9, tokens=3e11)
    assert is_open(Supply((DomainSupply("web", 1e12, 1e9, 1e13),), "a test"), {"web": 1}, params=70e9, tokens=1.4e12)


def test_tokens_of_a_budget_beside_a_converted_supply_are_the_law_s() -> None:
    factor = Factor(1.5, 1.5, 1.5, "somewhere")
    supply = Supply((DomainSupply("web", 80.0, factor=factor),), "a test", "mine")
    (said,) = caveats.supply_caveats(LAW, Budget(1e24, 1e9, 1e12), supply)
    assert said.endswith("web times 1.5, somewhere; the budget's tokens are taken as the law's")
    (said,) = caveats.supply_caveats(LAW, Budget(1e24), supply)
    assert said.endswith("web times 1.5, somewhere")


def test_a_law_without_a_loss_can_t_say_what_tokens_are_worth() -> None:
    assert list(caveats.value_caveats([])) == []
    (said,) = caveats.value_caveats([Worth("code", 1e11, True, None, None, None, None, None)])
    assert "no loss" in said
