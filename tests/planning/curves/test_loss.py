"""Terms of the loss, against the plan."""

import math

import pytest
from made.plans import of_domains, plan

from tokaudit.core.rows import Row
from tokaudit.planning.curves.loss import loss
from tokaudit.planning.plan import Plan


def _terms(made: Plan) -> dict[str, Row]:
    found = loss(made)
    assert not isinstance(found, str)
    return {row["term"]: row for row in found["terms"]}


@pytest.mark.parametrize("budget", [{"flops": 1e25}, {"params": 7e9, "tokens": 15e12}])
def test_the_terms_sum_to_the_loss_on_the_supply(budget: dict[str, float]) -> None:
    made = of_domains({"web": 2e12}, None, **budget)
    assert made.loss is not None
    assert math.fsum(row["nats"] for row in _terms(made).values()) == pytest.approx(made.loss.on_supply)


def test_the_rows_say_which_run_they_are_of() -> None:
    runs = [{"flops": 1e25}, {"params": 7e9}, {"params": 7e9, "tokens": 15e12}]
    said = [{row["run"] for row in _terms(of_domains({"web": 2e12}, None, **budget)).values()} for budget in runs]
    assert said == [{"optimal"}, {"optimal"}, {"as given"}]


def test_without_a_supply_no_term_is_of_repeats() -> None:
    assert list(_terms(plan(flops=1e24))) == ["irreducible", "model_term", "data_term"]


def test_a_law_without_a_loss_has_a_sentence() -> None:
    assert loss(plan("porian2024", flops=1e24)) == "porian2024 gives no loss for this run, so there are no terms."
