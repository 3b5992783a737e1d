"""The verdict of one saved plan with single inputs of another: which input turns it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tokaudit.core.errors import TokauditError, UsageError
from tokaudit.core.rows import Row
from tokaudit.planning import planner
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan import Plan
from tokaudit.planning.saved_plans import SavedPlan

_SAME: Final = 1e-3  # of a share of the compute: what a plan loses when its supply is stated again as numbers
_NOWHERE: Final = Path()
"""The catalog of a plan whose supply and law are not from any."""


@dataclass(frozen=True, slots=True)
class ByInput:
    """What the first plan says with one input of the second at a time.

    Attributes:
        rows: ``input``, ``constraint`` and ``compute_equivalent_share``; one row per input that differs.
        warnings: why a row, or all of them, were left out.
    """

    rows: list[Row]
    warnings: list[str]


def verdicts_by_input(first: SavedPlan, second: SavedPlan) -> ByInput:
    """The verdict of the first plan with the budget, the supply, the mixture or the epoch limits of the second.

    Both are planned again from the numbers that they were saved with, as a catalog may have changed since. If that does
    not give their own verdicts, nothing is said.
    """
    if first.plan.constraint is None or second.plan.constraint is None:
        return ByInput([], [])
    try:
        questions = [_stated(saved) for saved in (first, second)]
        again = [_planned(question) for question in questions]
    except TokauditError as error:
        return ByInput([], [f"the verdict by single inputs is left out: a plan can't be made again ({error})"])
    if not all(_agree(saved.plan, plan) for saved, plan in zip((first, second), again, strict=True)):
        return ByInput([], ["the verdict by single inputs is left out: the saved numbers alone do not give it again"])
    if first.plan.law != second.plan.law:
        return ByInput([], ["the verdict by single inputs is left out: the plans use different scaling laws"])
    return _one_at_a_time(questions[0], questions[1], second.name)


def _one_at_a_time(a: PlanOptions, b: PlanOptions, name_b: str) -> ByInput:
    """The verdicts of the first question with each input of the second that differs."""
    found = ByInput([], [])
    for name, changed in _INPUTS.items():
        question = changed(a, b)
        if question == a:
            continue
        try:
            plan = _planned(question)
        except UsageError as error:
            found.warnings.append(f"the verdict with the {name} of {name_b} alone is left out ({error})")
            continue
        share = plan.compute_equivalent_share
        found.rows.append({"input": name, "constraint": plan.constraint, "compute_equivalent_share": share})
    return found


_INPUTS: Final[Mapping[str, Callable[[PlanOptions, PlanOptions], PlanOptions]]] = {
    "budget": lambda a, b: replace(a, budget=b.budget, params_total=b.params_total),
    "supply": lambda a, b: replace(a, supply=b.supply),
    "mixture": lambda a, b: replace(a, mixture=b.mixture),
    "epoch limits": lambda a, b: replace(a, max_epochs=b.max_epochs),
}


def _stated(saved: SavedPlan) -> PlanOptions:
    """The options of a plan on a supply and with a mixture that are the numbers of the plan.

    Raises:
        UsageError: it has no supply.
    """
    plan = saved.plan
    unique = {row.domain: row.tokens_unique for row in plan.domains if row.tokens_unique}
    if not unique:
        raise UsageError("it has no supply")
    budget = plan.budget
    size = {"params": budget.params, "tokens": budget.tokens}
    numbers = {name: number for name, number in size.items() if number}
    shares = {row.domain: row.share for row in plan.domains if row.share}
    return PlanOptions(
        budget=numbers if len(numbers) == len(size) else {"flops": budget.flops},
        law=plan.law,
        supply=unique,
        mixture=shares if len(unique) > 1 else None,
        max_epochs=saved.options.max_epochs,
        params_total=saved.options.params_total,
    )


def _planned(options: PlanOptions) -> Plan:
    return planner.plan(plan_request(options, _NOWHERE))


def _agree(saved: Plan, again: Plan) -> bool:
    """Whether the plan made again has the verdict of the saved one."""
    then, now = saved.compute_equivalent_share, again.compute_equivalent_share
    close = then == now if then is None or now is None else math.isclose(then, now, rel_tol=_SAME)
    return saved.constraint == again.constraint and close
