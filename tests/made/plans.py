"""Plans on made-up supplies."""

from collections.abc import Mapping
from typing import Any

from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.published import LAWS
from tokaudit.planning import planner
from tokaudit.planning.ask_mixture import PROPORTIONAL, given_mixture
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Budget, Optimal, Plan
from tokaudit.planning.request import PlanRequest
from tokaudit.supply.types import DomainSupply, Supply


def supply(**tokens: float) -> Supply:
    """A supply of unique tokens by domain, in the law's own tokenizer."""
    return Supply(tuple(DomainSupply(domain, unique) for domain, unique in tokens.items()), "a test")


def make_plan(
    name: str, law: ScalingLaw, budget: Budget, have: Supply, shares: Mapping[str, float] | None = None, **more: Any
) -> Plan:
    """The plan by a given law; ``more`` are further fields of the request."""
    mixture = PROPORTIONAL if shares is None else given_mixture(shares)
    return planner.plan(PlanRequest(name, law, budget, have, mixture, **more))


def plan(
    name: str = "besiroglu2024",
    have: Supply | None = None,
    shares: dict[str, float] | None = None,
    **budget: float,
) -> Plan:
    """The plan by a shipped law; without a supply, the optimum of the law."""
    law = LAWS.get(name)
    return make_plan(name, law, budget_for(law, **budget), have or supply(), shares)


def optimal(made: Plan) -> Optimal:
    """The best run with unlimited data of a plan that has one."""
    assert made.optimal is not None
    return made.optimal


def of_domains(have: Mapping[str, float], shares: Mapping[str, float] | None = None, **budget: float) -> Plan:
    """The plan by the default law on unique tokens by domain."""
    law = LAWS.get("besiroglu2024")
    entries = tuple(DomainSupply(domain, unique) for domain, unique in have.items())
    return make_plan("besiroglu2024", law, budget_for(law, **budget), Supply(entries, "a test"), shares)
