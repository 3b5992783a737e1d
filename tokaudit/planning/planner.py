"""A request -> a Plan: what limits a training run, in which domain, and by how much.

There are three stages: resolve (shares, and the supply in every law's tokens), judge (constraint, flips, ceiling, other
laws) and explain (value, cost, warnings). Each stage is a pure function, and its result is a class.
"""

from tokaudit.planning.explain import explain, explain_experts
from tokaudit.planning.judge import judge
from tokaudit.planning.plan import Plan
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.resolve import resolve


def plan(request: PlanRequest) -> Plan:
    """What limits the run, and the numbers behind it.

    Raises:
        UsageError: a share or a limit is for a domain that the supply does not have or that has no tokens; or tokens to
            serve, a price or added tokens are out of bounds.
    """
    resolved = resolve(request)
    if request.budget.params_total is not None:
        return explain_experts(resolved)
    return explain(resolved, judge(resolved))
