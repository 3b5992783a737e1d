"""Plans to report on."""

from dataclasses import replace

import pytest
from made.plans import make_plan

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_value import Worth
from tokaudit.supply.types import DomainSupply, Supply


@pytest.fixture
def worn_out() -> Plan:
    """A budget with a mixture that exhausts one domain."""
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("books|rare", 3e10), DomainSupply("web", 4e12, 3e12, 5e12)), "a test")
    return make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply, {"web": 0.7, "books|rare": 0.3})


@pytest.fixture
def no_supply() -> Plan:
    """A budget without a supply."""
    law = LAWS.get("besiroglu2024")
    return make_plan("besiroglu2024", law, budget_for(law, flops=1e24), Supply((), "none"))


@pytest.fixture
def hostile(worn_out: Plan) -> Plan:
    """A plan with a domain whose name contains a control sequence."""
    return replace(worn_out, worth=(Worth("w\x1b[31m", 1e11, False, None, None, None, None, None),))
