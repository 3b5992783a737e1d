"""The verdict: the sentences that a person reads first."""

import pytest
from made.plans import make_plan

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_certainty import LawAgreement
from tokaudit.reports.cells import shown
from tokaudit.reports.plan_words import domain_table, reasons, verdict
from tokaudit.supply.types import DomainSupply, Supply


def cells(plan: Plan) -> list[dict[str, str]]:
    """The table of domains, as text."""
    columns = shown(domain_table(plan))
    rows = zip(*(column.cells for column in columns), strict=True)
    return [dict(zip((column.name for column in columns), row, strict=True)) for row in rows]


def made(have: dict[str, float], shares: dict[str, float] | None = None, **budget: float) -> Plan:
    law = LAWS.get("besiroglu2024")
    supply = Supply(tuple(DomainSupply(domain, unique) for domain, unique in have.items()), "a test")
    return make_plan("besiroglu2024", law, budget_for(law, **budget), supply, shares)


@pytest.mark.parametrize(
    ("have", "shares", "budget", "parts"),
    [
        (
            {"web": 1e13},
            None,
            {"flops": 1e24},
            ["Compute is the constraint, not data. 1e24 FLOPs call for 1.74T tokens, and none has to be repeated."],
        ),
        (
            {"web": 1e12},
            None,
            {"flops": 1e24},
            [
                "Domain web is used 1.87 times. ",
                "1e24 FLOPs reach the loss that 9.61e23 FLOPs would reach with unlimited unique data (96 %).",
            ],
        ),
        (
            {"web": 1e11, "code": 1e11},
            None,
            {"flops": 1e24},
            ["Data is the constraint in every domain. Every domain is used", "times this supply"],
        ),
        (
            {"web": 1e10},
            None,
            {"flops": 1e28},
            ["Data is the constraint in web", "More compute no longer helps."],
        ),
        ({"web": 1e10}, None, {"flops": 6e21}, ["FLOPs reach at best the loss"]),
        ({}, None, {"flops": 1e24}, ["Without a supply, nothing can be said", "95.9B parameters and 1.74T tokens"]),
        (
            {"web": 5e12, "books": 1e10},
            {"web": 0.5, "books": 0.5},
            {"flops": 1e25},
            ["Data is the constraint in books", "Another mixture of the same supply would be enough: web 99"],
        ),
        (
            {},
            None,
            {"params": 280e9, "tokens": 300e9},
            [
                "Data is the constraint because of allocation: 300B tokens are too few for 280B parameters. ",
                "The same FLOPs are best spent on 67.5B parameters",
                "With that split, 50 % of the compute would reach the loss of the given run.",
            ],
        ),
        (
            {"web": 2e11},
            None,
            {"params": 70e9, "tokens": 1.4e12},
            ["because of supply. Domain web is used 7 times. The run's 1.40T tokens count for 1.1"],
        ),
        ({"web": 3e10}, None, {"params": 280e9, "tokens": 300e9}, ["because of allocation and supply"]),
        (
            {},
            None,
            {"params": 8e9, "tokens": 15e12},
            ["Model size is the constraint: 8.00B parameters are too few", "on purpose: serving 190T"],
        ),
        ({}, None, {"params": 70e9, "tokens": 1.4e12}, ["Compute is the constraint", "in balance"]),
    ],
)
def test_the_verdict_says_what_limits_where_and_by_how_much(
    have: dict[str, float], shares: dict[str, float] | None, budget: dict[str, float], parts: list[str]
) -> None:
    sentence = verdict(made(have, shares, **budget))
    for part in parts:
        assert part in sentence
    assert sentence.endswith(".")
    assert "None" not in sentence


def test_every_domain_is_said_only_if_all_are_repeated_equally() -> None:
    shares = {"web": 0.5, "code": 0.5}
    assert "Every domain is used " in verdict(made({"web": 1e11, "code": 1e11}, shares, flops=1e24))
    assert "Domain code is used " in verdict(made({"web": 1.1e11, "code": 1e11}, shares, flops=1e24))


@pytest.mark.parametrize(
    ("unique", "parts"),
    [
        (
            1e12,
            ["Data is the constraint in web. Domain web is used 5.93 times. 1e25 FLOPs call for 5.93T tokens. "],
        ),
        (4e12, ["Compute is the constraint, not data. Domain web is used 1.48 times. 1e25 FLOPs call for 5.93T"]),
        (1e13, ["none has to be repeated"]),
    ],
)
def test_without_a_loss_the_verdict_is_in_tokens(unique: float, parts: list[str]) -> None:
    law = LAWS.get("hoffmann2022-approach1")
    supply = Supply((DomainSupply("web", unique),), "a test")
    plan = make_plan("hoffmann2022-approach1", law, budget_for(law, flops=1e25), supply)
    for part in parts:
        assert part in verdict(plan)
    assert "four epochs" not in dict(reasons(plan))["ceilings"]


def test_tokens_per_parameter_are_given_for_the_run_and_the_optimum() -> None:
    found = dict(reasons(made({}, params=8e9, tokens=15e12)))
    assert found["budget"] == "7.2e23 FLOPs: 8.00B parameters and 15.0T tokens, 1,875 tokens per parameter"
    assert ", 18.3 tokens per parameter" in found["best with unlimited data"]


def test_laws_that_disagree_are_named() -> None:
    law = LAWS.get("besiroglu2024")
    plan = make_plan(
        "besiroglu2024",
        law,
        budget_for(law, params=280e9, tokens=300e9),
        Supply((), "none"),
        voters={name: LAWS.get(name) for name in ("kaplan2020", "porian2024")},
    )
    assert dict(reasons(plan))["laws that agree"] == "2 of 3 (kaplan2020: compute)"


def test_the_verdict_says_if_most_laws_disagree() -> None:
    law = LAWS.get("besiroglu2024")
    have = Supply((DomainSupply("medical", 3e9), DomainSupply("web", 1e13)), "a test")
    shares = {"medical": 0.3, "web": 0.7}
    asked = ("besiroglu2024", "deepseek2024", "grattafiori2024", "kaplan2020", "porian2024", "sardana2024")
    voters = {name: LAWS.get(name) for name in asked}
    plan = make_plan("besiroglu2024", law, budget_for(law, flops=3.06e22), have, shares, voters=voters)
    assert plan.agreement == LawAgreement(6, 2, None)
    assert " Most laws disagree: 4 of 6 say data. " in verdict(plan)
    half = make_plan(
        "besiroglu2024",
        law,
        budget_for(law, flops=3.06e22),
        have,
        shares,
        voters={"besiroglu2024": law, "porian2024": LAWS.get("porian2024")},
    )
    assert half.agreement == LawAgreement(2, 1, None)
    assert "disagree" not in verdict(half)


def test_data_is_not_ruled_out_after_many_epochs() -> None:
    plan = made({"medical": 3e9, "web": 1e13}, {"medical": 0.3, "web": 0.7}, flops=3.06e22)
    assert verdict(plan).startswith("Compute is the constraint. Domain medical is used 29.2 times. ")
    assert "reach at best the loss that 2.52e22 FLOPs would reach with unlimited unique data (82 %)" in verdict(plan)


def test_without_epochs_no_repeats_are_claimed() -> None:
    tiny = made({"web": 6e3}, flops=1e25)
    assert tiny.domains[0].epochs is None
    assert verdict(tiny).startswith("Data is the constraint in web. With this supply, 1e25 FLOPs reach at best")


def test_flops_of_any_size_are_powers_of_ten() -> None:
    small = made({"web": 1e9}, flops=1e17)
    assert "1e17 FLOPs call for 6" in verdict(small)
    found = dict(reasons(small))
    assert found["budget"] == "1e17 FLOPs"
    assert found["ceilings"].startswith("one epoch: 2.25e17 FLOPs (")
    assert "a budget of at most 2.68e16 FLOPs" in verdict(made({"web": 1e8}, flops=1e18))


def test_many_epochs_and_tiny_shares_are_written_without_powers() -> None:
    plan = made({"web": 1e6, "code": 1e14}, {"web": 0.1, "code": 0.9}, flops=1e22)
    assert cells(plan)[0]["epochs"].endswith("K")
    assert "K times. " in verdict(plan)
    assert any("web (" in warning and "K epochs)" in warning for warning in plan.warnings)
    worn = made({"web": 1e6}, flops=1e28)
    assert dict(reasons(worn))["efficiency"].startswith(
        "<0.01 % of ideal: 100 % (split between parameters and tokens) \N{MULTIPLICATION SIGN} <0.01 % (limited data"
    )


def test_a_mixture_is_suggested_without_what_it_leaves_out() -> None:
    plan = made({"web": 5e12, "books": 1e10, "law": 1e12}, {"web": 0.5, "books": 0.5, "law": 0}, flops=1e25)
    assert dict(reasons(plan))["suggested mixture"].startswith("web 99")
    assert "law" not in dict(reasons(plan))["suggested mixture"]


def test_a_mixture_that_was_asked_for_is_not_suggested_again() -> None:
    plan = made({"web": 5e13, "books": 5e13, "law": 1e12}, {"web": 0.7, "books": 0.3, "law": 0}, flops=1e25)
    assert dict(reasons(plan))["suggested mixture"] == "the one asked for"


def test_one_domain_is_not_a_mixture() -> None:
    assert "suggested mixture" not in dict(reasons(made({"web": 1e9}, flops=1e24)))
    assert "suggested mixture" not in dict(reasons(made({"web": 1e9, "law": 1e9}, {"web": 1, "law": 0}, flops=1e24)))


def test_every_domain_is_a_row_with_the_range_of_its_supply(worn_out: Plan) -> None:
    books, web = cells(worn_out)

    assert (books["domain"], books["unique tokens"], books["range"]) == ("books|rare", "30.0B", "-")
    assert (web["domain"], web["unique tokens"], web["range"]) == ("web", "4.00T", "3.00T to 5.00T")
    assert (web["share"], web["tokens needed"], web["verdict"]) == ("70 %", "3.74T", "enough")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(1e9, None, "at least 1.00B"), (None, 4e12, "at most 4.00T"), (1e9, 4e12, "1.00B to 4.00T")],
)
def test_a_range_has_the_bounds_that_are_known(low: float | None, high: float | None, words: str) -> None:
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("web", 1e12, low, high),), "a test")
    assert cells(make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply))[0]["range"] == words


def test_a_supply_without_bounds_has_no_range_and_no_bytes() -> None:
    (web,) = cells(made({"web": 1e12}, flops=1e24))
    assert not {"range", "bytes"} & web.keys()


def test_the_supply_is_compared_with_the_need_in_one_direction() -> None:
    much, little = made({"web": 1e13}, flops=1e24), made({"web": 1e11}, flops=1e24)
    assert "With repeats, you have 20.4 times the supply that you need. Data becomes the constraint above" in verdict(
        much
    )
    assert dict(reasons(much))["verdict changes at"].startswith("4.9 % of this supply or ")
    assert "Data stops being the constraint with 4.9 times this supply or a budget of at most" in verdict(little)
    assert dict(reasons(little))["verdict changes at"].startswith("4.9 times this supply or ")


def test_the_reasons_have_the_numbers_of_the_plan(worn_out: Plan) -> None:
    found = dict(reasons(worn_out))
    assert found["law"] == "besiroglu2024"
    assert found["budget"] == "1e25 FLOPs"
    assert found["best with unlimited data"].startswith("312B parameters and 5.34T tokens")
    assert found["loss without repeats"].endswith("= 1.9117 nats per token; with the repeats of this supply 1.9161")


@pytest.mark.parametrize(
    ("budget", "unique", "epochs"),
    [
        ({"params": 1e12, "tokens": 1e12}, 1.5e12, "up to 3.2 epochs"),  # the run as given uses no token twice
        ({"params": 7e9, "tokens": 1.5e13}, 5e12, "no repeats"),  # … and here each three times
        ({"flops": 1e25}, 1e12, "up to 6.86 epochs"),
        ({"flops": 1e25}, 1e14, "no repeats"),
    ],
)
def test_the_epochs_of_the_best_run_on_a_supply_are_its_own(
    budget: dict[str, float], unique: float, epochs: str
) -> None:
    assert epochs in dict(reasons(made({"web": unique}, None, **budget)))["best on this supply"]


def test_what_does_not_apply_is_left_out(no_supply: Plan) -> None:
    found = dict(reasons(no_supply))
    assert "ceilings" not in found
    assert "efficiency" not in found


def test_the_law_s_draws_give_a_range_of_the_best_run() -> None:
    law, draws = LAWS.get("besiroglu2024"), shipped_draws("besiroglu2024")
    have = Supply((DomainSupply("web", 1e15),), "a test")
    rows = dict(reasons(make_plan("besiroglu2024", law, budget_for(law, flops=1e25), have, draws=draws)))
    assert rows["range of the best run"] == "209B to 577B parameters, 2.89T to 7.96T tokens (95 % of the law's draws)"
    assert rows["draws that agree"] == "100 % of the law's draws"
    assert "range of the best run" not in dict(reasons(made({"web": 1e15}, flops=1e25)))


def test_bytes_are_shown_where_they_are_known() -> None:
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("web", 1e12, None, None, 4.4e12), DomainSupply("books", 1e11)), "a test")
    web, books = cells(make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply))
    assert (web["unique tokens"], web["bytes"]) == ("1.00T", "4.4 TB")
    assert (books["unique tokens"], books["bytes"]) == ("100B", "-")
