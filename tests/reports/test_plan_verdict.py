"""The verdict: the sentences that a person reads first."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from made.plans import make_plan, of_domains

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Budget, Plan
from tokaudit.planning.plan_certainty import Certainty, LawVerdict
from tokaudit.planning.plan_mixture import MixtureVerdict, PlanMixture
from tokaudit.planning.verdicts import Constraint, Level
from tokaudit.reports.plan_verdict import verdict
from tokaudit.supply.types import DomainSupply, Supply

SURE = Certainty("sure", 1.0, 1.0, None, {"data": 1.0})


def sure(have: Mapping[str, float], shares: Mapping[str, float] | None = None, **budget: float) -> Plan:
    """A plan that nothing casts doubt on."""
    return replace(of_domains(have, shares, **budget), certainty=SURE, mixtures=())


def doubted(level: Level, draws: float | None, readings: Mapping[Constraint, float], votes: str = "ccccc") -> Plan:
    """A plan whose verdict is compute, with the votes of other laws by their initials."""
    names: dict[str, Constraint] = {"c": "compute", "d": "data"}
    said = tuple(LawVerdict(str(place), 1.0, 1.0, names[each], None, True) for place, each in enumerate(votes))
    certainty = Certainty(level, draws, votes.count("c") / len(votes), "reasons", readings)
    return replace(sure({"web": 1e13}, flops=1e24), certainty=certainty, sensitivity=said)


@pytest.mark.parametrize(
    ("have", "shares", "budget", "said"),
    [
        ({"web": 1e13}, None, {"flops": 1e24}, "Compute is the constraint, not data. No token has to be repeated."),
        (
            {"web": 1e12},
            None,
            {"flops": 1e24},
            "Compute is the constraint, not data. Repeats cost 3.86 % of the compute.",
        ),
        (
            {"web": 1e11, "code": 1e11},
            None,
            {"flops": 1e24},
            (
                "Data is the constraint in every domain (12.3 epochs), with shares in proportion to the supply. "
                "Repeats cost at least 54 % of the compute."
            ),
        ),
        (
            {"web": 1e10},
            None,
            {"flops": 1e28},
            (
                "Data is the constraint in web (15.5K epochs). Repeats cost almost all of the compute. "
                "More compute no longer helps."
            ),
        ),
        (
            {"web": 5e12, "books": 1e10},
            {"web": 0.5, "books": 0.5},
            {"flops": 1e25},
            (
                "Data is the constraint in books (340 epochs), with your mixture: "
                "another mixture of the same supply would be enough. Repeats cost at least 50 % of the compute."
            ),
        ),
        (
            {},
            None,
            {"flops": 1e24},
            (
                "No verdict: without a supply, it is not known whether data limits 1e24 FLOPs "
                "(best spent on 95.9B parameters and 1.74T tokens)."
            ),
        ),
        (
            {},
            None,
            {"params": 280e9, "tokens": 300e9},
            "Data is the constraint: 300B tokens are too few for 280B parameters.",
        ),
        (
            {"web": 2e11},
            None,
            {"params": 70e9, "tokens": 1.4e12},
            "Data is the constraint in web (7 epochs). Repeats cost at least 45 % of the compute.",
        ),
        (
            {"web": 3e10},
            None,
            {"params": 280e9, "tokens": 300e9},
            (
                "Data is the constraint in web (10 epochs): 300B tokens are too few for 280B parameters, "
                "and the supply is too small. Repeats cost at least 95 % of the compute."
            ),
        ),
        (
            {},
            None,
            {"params": 8e9, "tokens": 15e12},
            "Model size is the constraint, unless the run is small on purpose: cheapest if it serves 190T tokens.",
        ),
        (
            {},
            None,
            {"params": 70e9, "tokens": 1.4e12},
            "Compute is the constraint: 70.0B parameters and 1.40T tokens are in balance.",
        ),
    ],
)
def test_the_verdict_says_what_limits_where_and_what_repeats_cost(
    have: dict[str, float], shares: dict[str, float] | None, budget: dict[str, float], said: str
) -> None:
    assert verdict(sure(have, shares, **budget)) == said


def test_every_domain_is_said_only_if_all_are_repeated_equally() -> None:
    shares = {"web": 0.5, "code": 0.5}
    assert " in every domain (" in verdict(sure({"web": 1e11, "code": 1e11}, shares, flops=1e24))
    assert " in code (12.1 epochs) and web (11 epochs)," in verdict(
        sure({"web": 1.1e11, "code": 1e11}, shares, flops=1e24)
    )


@pytest.mark.parametrize(
    ("plan", "start"),
    [
        (doubted("sure", 1.0, {"compute": 1.0}), "Compute is the constraint"),
        (doubted("likely", 0.9, {"compute": 0.9, "data": 0.1}), "Likely: compute is the constraint"),
        (
            doubted("undecided", 0.56, {"compute": 0.56, "data": 0.44, "model": 0.0}),
            "Undecided: compute in 56 % of the law's draws, data in 44 %. The plan's law says: compute is",
        ),
        (
            doubted("undecided", 0.44, {"compute": 0.44, "data": 0.56}, "ccddd"),
            "Undecided: data in 56 % of the law's draws, compute in 44 %.",
        ),
        (
            doubted("undecided", 1.0, {"compute": 1.0}, "ddcdc"),
            "Undecided: data by 3 of 5 laws, compute by 2 of 5 laws.",
        ),
        (doubted("undecided", None, {"compute": 0.5}, "cd"), "Undecided: compute by 1 of 2 laws, data by 1 of 2 laws."),
    ],
)
def test_a_verdict_that_is_not_sure_begins_with_that(plan: Plan, start: str) -> None:
    assert verdict(plan).startswith(start)


@pytest.mark.parametrize(
    ("mixture", "words"),
    [
        (PlanMixture("llama3", "a paper", {}), "with the llama3 mixture (the default)"),
        (PlanMixture("llama3", "a paper", {}, asked=True), "with the llama3 mixture."),
        (PlanMixture("unimax", "a paper", {}, asked=True), "with the unimax mixture."),
        (PlanMixture("as given", "you", {}, asked=True), "with your mixture"),
        (PlanMixture("by stages", "you", {}, asked=True), "with the mixture of your stages"),
        (PlanMixture("proportional", "the supply", {}), "with shares in proportion to the supply"),
    ],
)
def test_the_verdict_names_its_mixture_and_where_it_is_from(mixture: PlanMixture, words: str) -> None:
    budget, run = sure({"web": 1e13}, flops=1e24), sure({"web": 1e13}, params=7e10, tokens=1.4e12)
    assert words.lower() in verdict(replace(budget, mixture=mixture))
    assert words.strip(".").lower() in verdict(replace(run, mixture=mixture)).lower()


def test_mixtures_with_another_verdict_are_named_the_surest_first() -> None:
    plan = sure({"web": 1e13}, flops=1e24)

    def row(name: str, constraint: Constraint | None, certainty: Level) -> MixtureVerdict:
        return MixtureVerdict(name, constraint, certainty, None, None, None)

    rows = (row("a", "compute", "sure"), row("b", "data", "undecided"), row("c", "data", "sure"))
    assert verdict(replace(plan, mixtures=rows)).endswith("With the mixtures c and b, data would be the constraint.")
    assert verdict(replace(plan, mixtures=rows[:2])).endswith("With the b mixture, data would be the constraint.")
    more = (*rows, row("d", "data", "sure"))
    assert verdict(replace(plan, mixtures=more)).endswith(
        "With the mixtures c, d and 1 more, data would be the constraint."
    )


def test_a_domain_that_is_used_up_is_named_however_small_its_share() -> None:
    plan = sure({"medical": 3e9, "web": 1e13}, {"medical": 0.02, "web": 0.98}, flops=3.06e23)
    assert verdict(plan).startswith("Compute is the constraint, not data, with your mixture. Used up: medical (6.")
    assert "Repeats cost at least" in verdict(plan) or "less than 1 %" in verdict(plan)


def test_a_loose_domain_alone_is_not_in_the_verdict() -> None:
    plan = sure({"medical": 3e9, "web": 1e13}, {"medical": 0.02, "web": 0.98}, flops=3.06e23)
    loose = replace(plan, domains=tuple(replace(entry, loose=entry.domain == "medical") for entry in plan.domains))
    assert "medical" in verdict(plan)
    assert "medical" not in verdict(loose)


def test_data_is_not_ruled_out_after_many_epochs() -> None:
    plan = sure({"medical": 3e9, "web": 1e13}, {"medical": 0.3, "web": 0.7}, flops=3.06e22)
    assert verdict(plan).startswith("Compute is the constraint, with your mixture. Used up: medical (29.2 epochs). ")
    assert verdict(plan).endswith("Repeats cost at least 18 % of the compute.")


def limited(most: float) -> Plan:
    """A run of seven epochs under a limit."""
    law = LAWS.get("besiroglu2024")
    have = Supply((DomainSupply("web", 2e11),), "a test")
    plan = make_plan("besiroglu2024", law, budget_for(law, params=70e9, tokens=1.4e12), have, max_epochs=most)
    return replace(plan, certainty=SURE)


def test_the_verdict_says_whether_the_user_s_limit_is_kept() -> None:
    assert "Beyond your limit of 5 epochs; repeats still cost at least 45 % of the compute." in verdict(limited(5))
    assert "Within your limit of 8 epochs; repeats still cost at least 45 % of the compute." in verdict(limited(8))
    assert "(1 epochs). Beyond your limit of 0.5 epochs; no token" in verdict(
        replace(limited(0.5), domains=(replace(limited(0.5).domains[0], epochs=1.0, verdict="enough"),))
    )


def test_a_mixture_of_experts_gets_no_verdict_and_learns_why() -> None:
    law = LAWS.get("besiroglu2024")
    budget = Budget(6 * 37e9 * 14.8e12, 37e9, 14.8e12, 671e9)
    plan = make_plan("besiroglu2024", law, budget, Supply((DomainSupply("web", 5e12),), "a test"))
    assert verdict(plan) == (
        "No verdict: besiroglu2024 was fitted on dense models, and this is a mixture of experts "
        "(37.0B of 671B parameters are active)."
    )


def test_without_a_loss_repeats_cost_effective_tokens() -> None:
    law = LAWS.get("hoffmann2022-approach1")
    have = Supply((DomainSupply("web", 1e12),), "a test")
    plan = make_plan("hoffmann2022-approach1", law, budget_for(law, flops=1e25), have)
    assert "data is the constraint in web (5.93 epochs)" in verdict(plan)
    assert "With repeats, all tokens count for 5.2" in verdict(plan)
