"""Published runs next to a plan: sizes, the law's best runs, and how far the supply reaches."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from tokaudit.core.rows import Row
from tokaudit.laws.protocol import Run
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.verdicts import MANY_EPOCHS

_EPOCHS: Final = (1, 4, MANY_EPOCHS)
_POINTS: Final = 40


def runs(made: MadePlan) -> Mapping[str, list[Row]]:
    """The datasets ``runs``, ``law``, ``supply`` and ``here``.

    ``runs`` has every published run; the parameters of a mixture of experts are its active ones, and ``params_total``
    has all. ``law`` has the best runs of the plan's law over the sizes of all these; it is empty for a mixture of
    experts. ``supply`` has the tokens of runs that use the domain that is repeated most 1, 4 and 16 times; it is empty
    without a supply. ``here`` has one row: the run as given, or the best run on the supply, or with unlimited data.
    """
    found: list[Row] = [
        {
            "run": run.run,
            "params": run.active_params or run.params,
            "params_total": run.params,
            "experts": run.active_params is not None,
            "tokens": run.tokens,
            "tokens_per_param": run.tokens / (run.active_params or run.params),
            "flops": run.flops,
            "unique_tokens": run.unique_tokens,
            "epochs": run.tokens / run.unique_tokens if run.unique_tokens else None,
            "status": run.status,
        }
        for run in made.request.known_runs
    ]
    here = _here(made)
    sizes = [here.params, *(row["params"] for row in found)]
    return {
        "runs": found,
        "law": list(_best(made, math.log(min(sizes)), math.log(max(sizes)))) if made.plan.optimal else [],
        "supply": list(_reach(made)),
        "here": [{"params": here.params, "tokens": here.tokens}],
    }


def _here(made: MadePlan) -> Run:
    budget, plan = made.plan.budget, made.plan
    if budget.params and budget.tokens:
        return Run(budget.params, budget.tokens)
    best = plan.constrained or plan.optimal
    assert best is not None
    return Run(best.params, best.tokens)


def _best(made: MadePlan, low: float, high: float) -> Iterator[Row]:
    for step in range(_POINTS + 1):
        best = made.request.law.optimum_of_params(math.exp(low + (high - low) * step / _POINTS))
        yield {"params": best.params, "tokens": best.tokens}


def _reach(made: MadePlan) -> Iterator[Row]:
    pools = made.case.whole
    if len(pools):
        for epochs in _EPOCHS:
            yield {"epochs": epochs, "tokens": epochs * pools.once}
