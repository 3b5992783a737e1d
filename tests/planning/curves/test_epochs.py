"""The path of epochs over budgets, against the planner."""

import pytest
from made.made_plans import made_plan, without_supply

from tokaudit.core.rows import Row
from tokaudit.planning.curves.epochs import epochs
from tokaudit.planning.made_plan import MadePlan

SUPPLY = "web=2T,code=400B,books=3B"
MIXTURE = "web=0.7,code=0.2,books=0.1"


def _found(made: MadePlan) -> tuple[list[Row], Row]:
    found = epochs(made)
    assert not isinstance(found, str)
    (here,) = found["here"]
    return list(found["path"]), here


def test_the_row_of_the_plans_budget_has_its_epochs() -> None:
    made = made_plan(SUPPLY, budget={"flops": 1e24}, mixture=MIXTURE)
    path, here = _found(made)
    assert made.plan.constrained is not None
    assert path[30] == here == {"flops": 1e24, "epochs": made.plan.constrained.epochs}


def test_the_path_goes_from_a_thousandth_to_a_thousand_times_the_budget() -> None:
    path, _ = _found(made_plan(SUPPLY, budget={"flops": 1e22}))
    assert len(path) == 61
    assert (path[0]["flops"], path[-1]["flops"]) == pytest.approx((1e19, 1e25))


@pytest.mark.parametrize("step", [0, 20, 45])
def test_each_row_is_what_a_plan_of_that_budget_says(step: int) -> None:
    path, _ = _found(made_plan(SUPPLY, budget={"flops": 1e23}, mixture=MIXTURE))
    there = made_plan(SUPPLY, budget={"flops": path[step]["flops"]}, mixture=MIXTURE).plan.constrained
    assert path[step]["epochs"] == (there.epochs if there else None)


def test_a_run_as_given_lies_at_its_own_epochs_next_to_the_path() -> None:
    made = made_plan(SUPPLY, budget={"params": 7e9, "tokens": 15e12})
    path, here = _found(made)
    assert here["flops"] == path[30]["flops"] == made.plan.budget.flops
    assert here["epochs"] == pytest.approx(15e12 / 2.403e12)
    assert made.plan.constrained is not None
    assert path[30]["epochs"] == made.plan.constrained.epochs != here["epochs"]


def test_where_more_compute_no_longer_helps_there_are_no_epochs() -> None:
    path, here = _found(made_plan("web=1B", budget={"flops": 1e24}))
    known = [row["epochs"] for row in path if row["epochs"] is not None]
    assert here["epochs"] is None
    assert known == [row["epochs"] for row in path[: len(known)]] != []


def test_epoch_limits_bound_the_path_of_a_law_without_a_loss() -> None:
    path, _ = _found(made_plan("web=1T", budget={"flops": 1e25}, law="porian2024", max_epochs=2))
    assert max(row["epochs"] for row in path) == pytest.approx(2)


def test_without_a_supply_a_sentence_says_so() -> None:
    assert "no supply" in epochs(without_supply(flops=1e24))


def test_a_mixture_of_experts_has_a_sentence() -> None:
    budget = {"params": 37e9, "tokens": 14.8e12}
    assert "mixture of experts" in epochs(made_plan(SUPPLY, budget=budget, params_total=671e9))
