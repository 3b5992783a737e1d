"""How often the best run repeats the supply as compute grows, and where the plan lies on this path."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tokaudit.core.rows import Row
from tokaudit.planning.case import PlanCase
from tokaudit.planning.made_plan import MadePlan

_STEPS: Final = range(-30, 31)
"""Tenths of a power of ten in FLOPs, from the plan's budget."""


def epochs(made: MadePlan) -> Mapping[str, list[Row]] | str:
    """The datasets ``path`` and ``here``, or a sentence that says why there are none.

    ``path`` has the epochs of the domain that is repeated most, in the best run for 61 budgets: from a thousandth to a
    thousand times the plan's. They are None where more compute no longer helps, because many runs are equally good
    there. ``here`` has one row: the run as given, or the best run on the supply.
    """
    if made.plan.optimal is None:
        return "The law is for dense models, so it has no best run of a mixture of experts."
    case = made.case
    if not case.pools:
        return "The plan has no supply, so there is nothing that a run could repeat."
    best = replace(case, given=None)
    path = [_row(replace(best, flops=case.flops * 10 ** (step / 10))) for step in _STEPS]
    return {"path": path, "here": [_row(case)]}


def _row(case: PlanCase) -> Row:
    run = case.run_on_supply()
    return {"flops": case.flops, "epochs": run.tokens / case.whole.once if run else None}
