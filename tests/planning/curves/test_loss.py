"""Terms of the loss, against the plan."""

import math

import pytest
from made.made_plans import made_plan, without_supply

from tokaudit.core.rows import Row
from tokaudit.laws.published import LAWS
from tokaudit.planning.curves.loss import loss
from tokaudit.planning.made_plan import MadePlan


def _terms(made: MadePlan) -> dict[str, Row]:
    found = loss(made)
    assert not isinstance(found, str)
    return {row["term"]: row for row in found["terms"]}


def _sum(made: MadePlan) -> float:
    return math.fsum(row["nats"] for row in _terms(made).values())


def test_the_terms_sum_to_the_loss_of_the_run_as_given() -> None:
    made = made_plan("web=2T", budget={"params": 7e9, "tokens": 15e12})
    assert made.plan.loss is not None
    assert _sum(made) == pytest.approx(made.plan.loss.on_supply)


def test_the_terms_of_a_budget_sum_to_the_least_loss_on_the_supply() -> None:
    made = made_plan("web=2T", budget={"flops": 1e26})
    assert made.plan.constrained is not None
    assert made.plan.loss is not None
    assert made.plan.loss.on_supply is not None
    assert _sum(made) == pytest.approx(made.plan.constrained.loss)
    assert _sum(made) < made.plan.loss.on_supply


def test_the_terms_of_a_budget_are_those_of_the_best_run_on_the_supply() -> None:
    made = made_plan("web=2T", budget={"flops": 1e26})
    assert made.plan.constrained is not None
    constants = LAWS.get("besiroglu2024").constants
    expected = constants["B"] * made.plan.constrained.tokens ** -constants["beta"]
    assert _terms(made)["data_term"]["nats"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("supply", "budget", "run"),
    [
        ("web=2T", {"flops": 1e25}, "on supply"),
        ("web=2T", {"params": 7e9}, "on supply"),
        ("web=2T", {"params": 7e9, "tokens": 15e12}, "as given"),
        ("web=10M", {"flops": 1e20}, "optimal"),  # more compute no longer helps
    ],
)
def test_the_rows_say_which_run_they_are_of(supply: str, budget: dict[str, float], run: str) -> None:
    assert {row["run"] for row in _terms(made_plan(supply, budget=budget)).values()} == {run}


def test_without_a_supply_no_term_is_of_repeats() -> None:
    assert list(_terms(without_supply(flops=1e24))) == ["irreducible", "model_term", "data_term"]


def test_a_law_without_a_loss_has_a_sentence() -> None:
    found = loss(without_supply("porian2024", flops=1e24))
    assert found == "porian2024 gives no loss for this run, so there are no terms."
