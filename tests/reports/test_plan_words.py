"""The sentence of verdict: what a person reads first."""

import pytest
from made.plans import make_plan

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import LawAgreement, Plan
from tokaudit.reports.plan_words import DOMAIN_COLUMNS, domain_rows, reasons, verdict
from tokaudit.supply.types import DomainSupply, Supply


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
            ["Compute is the constraint, not data", "none need be repeated"],
        ),
        ({"web": 1e12}, None, {"flops": 1e24}, ["with repeats in web (1.87 epochs)", "96.1% of them"]),
        (
            {"web": 1e11, "code": 1e11},
            None,
            {"flops": 1e24},
            ["Data is the constraint in every domain", "times the supply"],
        ),
        (
            {"web": 1e10},
            None,
            {"flops": 1e28},
            ["Data is the constraint in web", "more compute no longer helps"],
        ),
        ({"web": 1e10}, None, {"flops": 6e21}, ["at most"]),
        ({}, None, {"flops": 1e24}, ["can't be said without a supply", "95.9B params and 1.74T tokens"]),
        (
            {"web": 5e12, "books": 1e10},
            {"web": 0.5, "books": 0.5},
            {"flops": 1e25},
            ["Data is the constraint in books", "Another mixture of the same supply would do: web 99"],
        ),
        (
            {},
            None,
            {"params": 280e9, "tokens": 300e9},
            ["Data is the constraint, by allocation", "few for 280B params"],
        ),
        (
            {"web": 2e11},
            None,
            {"params": 70e9, "tokens": 1.4e12},
            ["by supply", "in web (7 epochs)", "are worth 1.1"],
        ),
        ({"web": 3e10}, None, {"params": 280e9, "tokens": 300e9}, ["by allocation and by supply"]),
        (
            {},
            None,
            {"params": 8e9, "tokens": 15e12},
            ["Model size is the constraint", "on purpose: serving 190T"],
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


def test_every_domain_is_named_only_if_all_are_repeated_alike() -> None:
    shares = {"web": 0.5, "code": 0.5}
    assert "in every domain (" in verdict(made({"web": 1e11, "code": 1e11}, shares, flops=1e24))
    assert "in code (" in verdict(made({"web": 1.1e11, "code": 1e11}, shares, flops=1e24))


@pytest.mark.parametrize(
    ("unique", "parts"),
    [
        (
            1e12,
            ["Data is the constraint in web (5.93 epochs)", "the 5.93T tokens that 1e25 FLOPs call for"],
        ),
        (4e12, ["Compute is the constraint, not data: with repeats in web (1.48 epochs) the 5.93T tokens"]),
        (1e13, ["none need be repeated"]),
    ],
)
def test_a_law_without_a_loss_speaks_of_tokens(unique: float, parts: list[str]) -> None:
    law = LAWS.get("hoffmann2022-approach1")
    supply = Supply((DomainSupply("web", unique),), "a test")
    plan = make_plan("hoffmann2022-approach1", law, budget_for(law, flops=1e25), supply)
    for part in parts:
        assert part in verdict(plan)
    assert "four epochs" not in dict(reasons(plan))["ceilings"]


def test_a_run_s_tokens_a_param_stand_beside_the_optimum_s() -> None:
    found = dict(reasons(made({}, params=8e9, tokens=15e12)))
    assert found["budget"] == "7.2e23 FLOPs: 8.00B params and 15.0T tokens, 1,875 tokens a param"
    assert ", 18.3 tokens a param" in found["best with unlimited unique data"]


def test_laws_that_say_otherwise_are_named() -> None:
    law = LAWS.get("besiroglu2024")
    plan = make_plan(
        "besiroglu2024",
        law,
        budget_for(law, params=280e9, tokens=300e9),
        Supply((), "none"),
        voters={name: LAWS.get(name) for name in ("kaplan2020", "porian2024")},
    )
    assert dict(reasons(plan))["laws that say the same"] == "2 of 3 (kaplan2020: compute)"


def test_the_verdict_says_so_where_most_laws_say_otherwise() -> None:
    law = LAWS.get("besiroglu2024")
    have = Supply((DomainSupply("medical", 3e9), DomainSupply("web", 1e13)), "a test")
    shares = {"medical": 0.3, "web": 0.7}
    asked = ("besiroglu2024", "deepseek2024", "grattafiori2024", "kaplan2020", "porian2024", "sardana2024")
    voters = {name: LAWS.get(name) for name in asked}
    plan = make_plan("besiroglu2024", law, budget_for(law, flops=3.06e22), have, shares, voters=voters)
    assert plan.agreement == LawAgreement(6, 2, None)
    assert " Most laws say otherwise (4 of 6: data). " in verdict(plan)
    half = make_plan(
        "besiroglu2024",
        law,
        budget_for(law, flops=3.06e22),
        have,
        shares,
        voters={"besiroglu2024": law, "porian2024": LAWS.get("porian2024")},
    )
    assert half.agreement == LawAgreement(2, 1, None)
    assert "otherwise" not in verdict(half)


def test_data_is_not_ruled_out_where_the_cost_of_its_repeats_is_a_lower_bound() -> None:
    plan = made({"medical": 3e9, "web": 1e13}, {"medical": 0.3, "web": 0.7}, flops=3.06e22)
    assert verdict(plan).startswith("Compute is the constraint: with repeats in medical (29.2 epochs)")
    assert "at most 82.5%" in verdict(plan)


def test_flops_are_powers_of_ten_whatever_their_size() -> None:
    small = made({"web": 1e9}, flops=1e17)
    assert "1e17 FLOPs use 6" in verdict(small)
    found = dict(reasons(small))
    assert found["budget"] == "1e17 FLOPs"
    assert found["ceilings"].startswith("one epoch 2.25e17 FLOPs (")
    assert "a budget of 2.68e16 FLOPs" in verdict(made({"web": 1e8}, flops=1e18))


def test_many_epochs_and_tiny_shares_are_written_without_powers() -> None:
    plan = made({"web": 1e6, "code": 1e14}, {"web": 0.1, "code": 0.9}, flops=1e22)
    assert domain_rows(plan)[0][4].endswith("K")
    assert "K epochs)" in verdict(plan)
    assert any("web (" in warning and "K epochs)" in warning for warning in plan.warnings)
    worn = made({"web": 1e6}, flops=1e28)
    assert dict(reasons(worn))["compute's worth"].startswith("<0.01% = 100% by allocation x <0.01% (<0.01% to ")


def test_a_mixture_is_suggested_without_what_it_leaves_out() -> None:
    plan = made({"web": 5e12, "books": 1e10, "law": 1e12}, {"web": 0.5, "books": 0.5, "law": 0}, flops=1e25)
    assert dict(reasons(plan))["mixture suggested"].startswith("web 99")
    assert "law" not in dict(reasons(plan))["mixture suggested"]


def test_a_mixture_that_was_asked_for_is_not_suggested_again() -> None:
    plan = made({"web": 5e13, "books": 5e13, "law": 1e12}, {"web": 0.7, "books": 0.3, "law": 0}, flops=1e25)
    assert dict(reasons(plan))["mixture suggested"] == "as asked"


def test_one_domain_is_no_mixture() -> None:
    assert "mixture suggested" not in dict(reasons(made({"web": 1e9}, flops=1e24)))
    assert "mixture suggested" not in dict(reasons(made({"web": 1e9, "law": 1e9}, {"web": 1, "law": 0}, flops=1e24)))


def test_every_domain_has_a_cell_in_every_column(worn_out: Plan) -> None:
    rows = domain_rows(worn_out)
    assert [row[0] for row in rows] == ["books|rare", "web"]
    assert all(len(row) == len(DOMAIN_COLUMNS) for row in rows)
    assert "4.00T (3.00T to 5.00T)" in rows[1]


def test_the_reasons_have_the_numbers_of_the_plan(worn_out: Plan) -> None:
    found = dict(reasons(worn_out))
    assert found["law"] == "besiroglu2024"
    assert found["budget"] == "1e25 FLOPs"
    assert found["best with unlimited unique data"].startswith("312B params and 5.34T tokens")
    assert found["loss without repeats"].endswith("= 1.9117 nats a token; with those of this supply 1.9161")


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
    assert "compute's worth" not in found


def test_draws_of_the_law_say_how_sure_the_plan_is() -> None:
    law, draws = LAWS.get("besiroglu2024"), shipped_draws("besiroglu2024")
    have = Supply((DomainSupply("web", 1e15),), "a test")
    rows = dict(reasons(make_plan("besiroglu2024", law, budget_for(law, flops=1e25), have, draws=draws)))
    assert rows["how sure the best run is"] == "209B to 577B params, 2.89T to 7.96T tokens (95% of the law's draws)"
    assert rows["the law's draws that say the same"] == "100%"
    assert "how sure the best run is" not in dict(reasons(made({"web": 1e15}, flops=1e25)))


def test_bytes_stand_beside_tokens_where_they_are_known() -> None:
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("web", 1e12, None, None, 4.4e12), DomainSupply("books", 1e11)), "a test")
    web, books = domain_rows(make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply))
    assert "1.00T, 4.4 TB" in web
    assert "100B" in books
