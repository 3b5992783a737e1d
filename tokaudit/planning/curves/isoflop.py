"""The loss of runs of one budget by their size: with unlimited data, and on the supply."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from tokaudit.core.rows import Row
from tokaudit.laws.protocol import gives_loss
from tokaudit.planning.case import PlanCase
from tokaudit.planning.intervals import is_wide
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan import Plan

_CELLS: Final = 60
_BEYOND: Final = 30
"""The curve ends at sizes that are this factor smaller or larger than the best ones."""


def isoflop(made: MadePlan) -> Mapping[str, list[Row]] | str:
    """The datasets ``curve`` and ``best``, or a sentence that says why there are none.

    ``curve`` has the loss, in nats, of 61 sizes for the plan's FLOPs, once per ``data``: ``unlimited`` and ``supply``.
    It is None for a run that uses a domain more often than allowed. ``best`` has the best run of each ``data`` with the
    range of its parameters, as in the plan; if ``uncertain``, the range alone is known. Its row of the supply is
    missing if more compute no longer helps.
    """
    plan = made.plan
    if plan.optimal is None:
        return "The law is for dense models, so it has no curve for a mixture of experts."
    if not gives_loss(made.request.law):
        return f"{plan.law} gives the best runs only, so the loss of other runs is not known."
    case = made.case
    best = list(_best(plan))
    sizes = [row["params"] for row in best]
    start, end = math.log(min(sizes) / _BEYOND), math.log(max(sizes) * _BEYOND)
    grid = [math.exp(start + (end - start) * cell / _CELLS) for cell in range(_CELLS + 1)]
    return {"curve": list(_curve(case, grid)), "best": best}


def _curve(case: PlanCase, sizes: list[float]) -> Iterator[Row]:
    assert gives_loss(case.law)
    for data, law, most in (("unlimited", case.law, math.inf), ("supply", case.repeated_data, case.whole.most)):
        if law is None:
            continue
        for params in sizes:
            tokens = case.flops / 6 / params
            loss = law.loss(params, tokens) if tokens <= most else None
            yield {"params": params, "tokens": tokens, "loss": loss, "data": data}


def _best(plan: Plan) -> Iterator[Row]:
    for data, run, span, uncertain in (
        ("unlimited", plan.optimal, plan.interval, is_wide(plan.interval)),
        ("supply", plan.constrained, plan.constrained, plan.far_beyond_data),
    ):
        if run:
            yield {
                "params": run.params,
                "tokens": run.tokens,
                "loss": run.loss,
                "data": data,
                "params_low": span.params_low if span else None,
                "params_high": span.params_high if span else None,
                "uncertain": uncertain,
            }
