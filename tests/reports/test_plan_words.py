"""The numbers behind a plan, and the tables of stages, laws and mixtures."""

from dataclasses import replace

import pytest
from made.plans import make_plan
from made.plans import of_domains as made

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_mixture import StagePlan
from tokaudit.reports.plan_words import reasons, tables
from tokaudit.supply.types import DomainSupply, Supply


def test_tokens_per_parameter_are_given_for_the_run_and_the_optimum() -> None:
    found = dict(reasons(made({}, params=8e9, tokens=15e12)))
    assert found["budget"] == "7.2e23 FLOPs: 8.00B parameters and 15.0T tokens, 1,875 tokens per parameter"
    assert ", 18.3 tokens per parameter" in found["best with unlimited data"]


def test_a_mixture_is_suggested_without_what_it_leaves_out() -> None:
    plan = made({"web": 5e12, "books": 1e10, "law": 1e12}, {"web": 0.5, "books": 0.5, "law": 0}, flops=1e25)
    assert dict(reasons(plan))["suggested mixture"].startswith("web 99")
    assert "law" not in dict(reasons(plan))["suggested mixture"]


def test_one_domain_is_not_a_mixture() -> None:
    assert "suggested mixture" not in dict(reasons(made({"web": 1e9}, flops=1e24)))
    assert "suggested mixture" not in dict(reasons(made({"web": 1e9, "law": 1e9}, {"web": 1, "law": 0}, flops=1e24)))


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


def test_a_mixture_that_was_asked_for_is_suggested_as_asked() -> None:
    asked = made({"web": 5e13, "books": 5e13}, {"web": 0.7, "books": 0.3}, flops=1e25)
    assert dict(reasons(asked))["suggested mixture"] == "as asked"
    assert "suggested mixture" not in dict(reasons(made({"web": 5e13, "books": 5e13}, flops=1e25)))


def test_shares_of_almost_nothing_are_written_without_powers() -> None:
    efficiency = dict(reasons(made({"web": 1e6}, flops=1e28)))["efficiency"]
    times = "\N{MULTIPLICATION SIGN}"
    assert efficiency.startswith(
        f"<0.01 % of ideal: 100 % (split between parameters and tokens) {times} <0.01 % (limited data"
    )


def test_the_table_of_laws_shows_who_disagrees_and_who_has_no_vote() -> None:
    law = LAWS.get("besiroglu2024")
    voters = {name: LAWS.get(name) for name in ("kaplan2020", "porian2024")}
    plan = make_plan(
        "besiroglu2024", law, budget_for(law, params=280e9, tokens=300e9), Supply((), "none"), voters=voters
    )
    (laws,) = tables(plan)
    said = {row["law"]: (row["constraint"], row["votes"]) for row in laws.rows}
    assert said == {"besiroglu2024": ("data", True), "kaplan2020": ("compute", False), "porian2024": ("data", True)}
    assert dict(reasons(plan))["laws that agree"] == "2 of 2 with a vote"


def test_the_table_of_mixtures_compares_verdicts() -> None:
    (mixtures,) = tables(made({"web": 1e13, "books": 1e9}, flops=1e24))
    assert [row["mixture"] for row in mixtures.rows] == ["proportional", "unimax"]


def test_the_table_of_stages_has_the_epochs_of_each() -> None:
    stage = StagePlan("end", 2e10, {"web": 0.5, "math": 0.5, "code": 0.0}, {"web": 0.01, "math": 5.0, "code": 0.0})
    (stages,) = tables(replace(made({"web": 1e12}, flops=1e22), stages=(stage,)))
    assert [(row["domain"], row["tokens"], row["epochs"]) for row in stages.rows] == [
        ("web", 1e10, 0.01),
        ("math", 1e10, 5.0),
    ]
