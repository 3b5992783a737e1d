"""A request -> a Plan: what limits a training run, in which domain and by how much.

resolve (the supply in every law's tokens, shares) -> judge (constraint, flips, ceiling, other laws) -> explain (value,
cost, caveats). Each stage is pure, with a value of its own between it and the next.
"""

from tokaudit.planning.explain import explain
from tokaudit.planning.judge import judge
from tokaudit.planning.plan import Plan
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.resolve import resolve


def plan(request: PlanRequest) -> Plan:
    """What limits the run, and everything that says why.

    Raises:
        UsageError: a share or a limit for a domain that the supply does not have, or has no token of; tokens to
            serve, a price, or added tokens that mean nothing.
    """
    resolved = resolve(request)
    return explain(resolved, judge(resolved))
