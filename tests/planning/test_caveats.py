"""The sentences that come with a plan."""

from tokaudit.laws import LAWS
from tokaudit.plan import Budget, DomainPlan, FlipsAt
from tokaudit.planning import caveats
from tokaudit.records import DomainSupply, Factor, Supply
from tokaudit.value import Worth

LAW = LAWS.get("besiroglu2024")


def domain(name: str, epochs: float | None, share: float = 0.5) -> DomainPlan:
    return DomainPlan(name, share, 1e12, 1e12, None, None, None, None, None, epochs, 1e12, "enough")


def test_nothing_is_said_of_repeats_where_nothing_is_lost() -> None:
    assert list(caveats.of_repetition(LAW, 1.0, None, [domain("web", 0.5)], helps=True)) == []


def test_domains_used_too_often_are_named_with_their_epochs() -> None:
    (warning,) = caveats.of_repetition(LAW, None, None, [domain("web", 16.0), domain("code", 20.0)], helps=True)
    assert "code (20 epochs)" in warning
    assert "web" not in warning


def test_one_domain_needs_no_word_on_mixtures() -> None:
    assert list(caveats.of_mixture([domain("web", 0.5, share=1.0), domain("code", 0.0, share=0.0)], None)) == []


def test_two_domains_without_repeats_need_no_word_on_the_sum_over_domains() -> None:
    assert len(list(caveats.of_mixture([domain("web", 0.5), domain("code", 0.5)], None))) == 1
    assert len(list(caveats.of_mixture([domain("web", 0.5), domain("code", 1.5)], None))) == 2


def test_only_a_run_short_of_params_by_split_and_of_data_by_supply_is_told_so() -> None:
    assert list(caveats.of_given_run("model", "model")) == []
    assert list(caveats.of_given_run("data", "data")) == []
    assert len(list(caveats.of_given_run("model", "data"))) == 1


def test_a_law_without_draws_of_its_one_epoch_constants_says_that_there_is_no_interval() -> None:
    assert list(caveats.of_draws({"E", "A", "B", "alpha", "beta"})) == []
    assert list(caveats.of_draws({"k_N", "a"})) == []
    (none,) = caveats.of_draws({})
    assert "no interval" in none
    (some,) = caveats.of_draws(["R_D_star", "R_N_star"])
    assert some.startswith("only R_D_star and R_N_star have joint draws")


def test_a_verdict_that_the_supply_s_bounds_turn_is_open() -> None:
    supply = Supply((DomainSupply("web", 80.0, 60.0, 90.0), DomainSupply("code", 20.0)), "a test")
    (said,) = caveats.of_bounds(FlipsAt(None, 0.85), supply)
    assert "0.85 times the supply" in said
    assert "(0.8 to 1.1 times): it is open" in said
    for factor in (0.79, 1.11, None):
        assert list(caveats.of_bounds(FlipsAt(None, factor), supply)) == []


def test_a_domain_of_which_there_may_be_nothing_counts_as_nothing_at_the_low_end() -> None:
    supply = Supply((DomainSupply("web", 80.0, 0.0), DomainSupply("code", 20.0)), "a test")
    (said,) = caveats.of_bounds(FlipsAt(None, 0.3), supply)
    assert "(0.2 to 1 times)" in said


def test_tokens_of_a_budget_beside_a_converted_supply_are_the_law_s() -> None:
    factor = Factor(1.5, 1.5, 1.5, "somewhere")
    supply = Supply((DomainSupply("web", 80.0, factor=factor),), "a test", "mine")
    (said,) = caveats.of_supply(LAW, Budget(1e24, 1e9, 1e12), supply)
    assert said.endswith("web times 1.5, somewhere; the tokens of the budget are taken as the law's")
    (said,) = caveats.of_supply(LAW, Budget(1e24), supply)
    assert said.endswith("web times 1.5, somewhere")


def test_a_law_without_a_loss_can_t_say_what_tokens_are_worth() -> None:
    assert list(caveats.of_worth([])) == []
    (said,) = caveats.of_worth([Worth("code", 1e11, None, None, None, None, None)])
    assert "no loss" in said
