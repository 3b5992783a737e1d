"""Plans with what they were made from, without a catalog."""

from pathlib import Path
from typing import Any

from made.plans import supply as no_supply

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.planner import plan
from tokaudit.planning.request import PlanRequest

NO_CATALOG = Path("no catalog.duckdb")


def made_plan(supply: str | None = None, *, budget: dict[str, Any], **options: Any) -> MadePlan:
    """The plan of these options; ``budget`` has the options of the budget, and the supply is text as on the command."""
    return make_plan(PlanOptions(budget=budget, supply=supply, **options), NO_CATALOG)


def of_request(request: PlanRequest) -> MadePlan:
    """The plan of a request that no options make."""
    return MadePlan(PlanOptions(), request, plan(request))


def without_supply(name: str = "besiroglu2024", **budget: float) -> MadePlan:
    """The plan of a budget alone."""
    law = LAWS.get(name)
    return of_request(PlanRequest(name, law, budget_for(law, **budget), no_supply()))
