"""Plans on supplies that are made up."""

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.planner import make_plan
from tokaudit.supply.types import DomainSupply, Supply


def supply(**tokens: float) -> Supply:
    """Unique tokens by domain, as the law counts them."""
    return Supply(tuple(DomainSupply(domain, unique) for domain, unique in tokens.items()), "a test")


def plan(
    name: str = "besiroglu2024",
    have: Supply | None = None,
    shares: dict[str, float] | None = None,
    **budget: float,
) -> Plan:
    """The plan of a shipped law; without a supply the law's optimum."""
    law = LAWS.get(name)
    return make_plan(name, law, budget_for(law, **budget), have or supply(), shares)
