"""A plan with what it was made from: the options of the user, and the request that they make."""

from dataclasses import dataclass
from functools import cached_property

from tokaudit.planning.case import PlanCase
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_command import plan_command
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.resolve import ResolvedPlan, resolve


@dataclass(frozen=True, eq=False)  # arrays of a request can't be compared
class MadePlan:
    """A plan, and what curves and pages need besides it.

    Attributes:
        options: the options as the user gave them.
        request: the request that they make, with the law and the supply found.
        plan: the plan.
    """

    options: PlanOptions
    request: PlanRequest
    plan: Plan

    @cached_property
    def resolved(self) -> ResolvedPlan:
        """The supply in the law's tokens, and the mixture on it."""
        return resolve(self.request)

    @cached_property
    def case(self) -> PlanCase:
        """The run or budget on its supply; one object for all curves, because it keeps the best runs that it found."""
        return self.resolved.case()

    @property
    def command(self) -> str:
        """The call of ``tokaudit plan`` that makes the plan anew, quoted for a shell."""
        return plan_command(self.options)
