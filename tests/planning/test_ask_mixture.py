"""The mixture that a plan takes by default, and how a published one is mapped to a supply."""

from collections.abc import Mapping

import pytest
from made.plans import make_plan

from tokaudit.catalog.reference.mixtures import find_mixture, mixtures
from tokaudit.core.errors import UsageError
from tokaudit.laws.published.besiroglu2024 import LAW
from tokaudit.planning import planner
from tokaudit.planning.ask_mixture import PROPORTIONAL, ask_mixture, published_mixture
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.request import PlanRequest
from tokaudit.supply.types import DomainSupply, Supply


def have(tokens: Mapping[str, float], *, published: bool = True) -> Supply:
    return Supply(tuple(DomainSupply(*pair) for pair in tokens.items()), "a test", published=published)


def planned(text: str | None, supply: Supply, **budget: float) -> Plan:
    mixture, _ = ask_mixture(text, supply)
    return planner.plan(PlanRequest("besiroglu2024", LAW, budget_for(LAW, **budget), supply, mixture))


WHOLE = {"web": 1e13, "math": 1e11, "code": 1e12, "multilingual-web": 1e13, "books": 1e11}


def test_a_published_supply_takes_the_mixture_of_llama_3() -> None:
    made = planned(None, have(WHOLE), flops=1e24)
    assert made.mixture is not None
    assert made.mixture.name == "llama3"
    assert made.mixture.shares == pytest.approx(
        {"web": 0.5, "math": 0.25, "code": 0.17, "multilingual-web": 0.08, "books": 0}
    )
    assert {part.component: part.domain for part in made.mixture.parts} == {
        "general knowledge": "web",
        "mathematical and reasoning": "math",
        "code": "code",
        "multilingual": "multilingual-web",
    }


def test_the_share_of_a_domain_that_lacks_goes_to_the_others() -> None:
    made = planned(None, have({"web": 1e13, "math": 1e11, "code": 1e12}), flops=1e24)
    assert made.mixture is not None
    assert made.mixture.shares == pytest.approx({"web": 0.5 / 0.92, "math": 0.25 / 0.92, "code": 0.17 / 0.92})
    assert [part.component for part in made.mixture.parts if part.domain is None] == ["multilingual"]
    assert [part.share for part in made.mixture.parts if part.domain is None] == pytest.approx([0.08])


def test_an_empty_domain_lacks_like_a_missing_one() -> None:
    made = planned(None, have({"web": 1e13, "math": 1e11, "code": 0.0}), flops=1e24)
    assert made.mixture is not None
    assert made.mixture.shares == pytest.approx({"web": 0.5 / 0.75, "math": 0.25 / 0.75, "code": 0})


@pytest.mark.parametrize(
    "supply",
    [have(WHOLE, published=False), have({"web": 1e13}), have({"books": 1e12, "papers": 1e11})],
    ids=["not published", "one domain", "none of its domains"],
)
def test_other_supplies_are_mixed_in_proportion(supply: Supply) -> None:
    made = planned(None, supply, flops=1e24)
    total = sum(entry.tokens_unique for entry in supply.domains)
    assert [entry.share for entry in made.domains] == pytest.approx(
        [entry.tokens_unique / total for entry in supply.domains]
    )
    assert (made.mixture is None) == (len(supply.domains) == 1)
    assert made.mixture is None or made.mixture.name == "proportional"


@pytest.mark.parametrize("known", mixtures(), ids=lambda known: known.name)
def test_a_mixture_whose_domains_all_exist_lacks_exactly_nothing(known: object) -> None:
    name = getattr(known, "name", "")
    mapped = published_mixture(find_mixture(name)).mapped(dict.fromkeys(find_mixture(name).shares, 1e12))
    assert mapped is not None
    assert mapped.lacking == 0
    assert mapped.shares == pytest.approx(find_mixture(name).shares)


def test_a_mixture_that_is_asked_for_keeps_its_parts_and_loose_domain() -> None:
    made = planned("llama3", have(WHOLE), flops=1e24)
    assert made.mixture is not None
    assert len(made.mixture.parts) == 4
    assert [entry.domain for entry in made.domains if entry.loose] == ["math"]


def test_a_mixture_that_is_asked_for_needs_all_its_domains() -> None:
    with pytest.raises(UsageError, match="--mixture: the supply has no domain 'multilingual-web'"):
        planned("llama3", have({"web": 1e13, "math": 1e11, "code": 1e12}), flops=1e24)


def test_mathematics_alone_is_no_reason_for_data() -> None:
    tokens = {**WHOLE, "math": 1e9}
    loose = planned(None, have(tokens), params=70e9, tokens=1.4e12)
    strict = make_plan("besiroglu2024", LAW, loose.budget, have(tokens), find_mixture("llama3").shares)
    assert [entry.epochs for entry in loose.domains if entry.domain == "math"] == pytest.approx([350])
    assert (loose.constraint, strict.constraint) == ("compute", "data")
    assert planned(None, have(tokens), flops=1e25).constraint == "compute"
    assert planned(None, have({**tokens, "code": 1e9}), params=70e9, tokens=1.4e12).constraint == "data"


def test_advice_asks_for_no_tokens_of_a_loose_domain() -> None:
    made = planned(None, have({**WHOLE, "math": 1e9, "code": 1e10}), params=70e9, tokens=1.4e12)
    assert [each.domain for each in made.advice if each.domain] == ["code"]


def test_proportional_shares_can_be_asked_for_by_name() -> None:
    asked, notes = ask_mixture("proportional", have(WHOLE))
    assert (asked.name, asked.shares, asked.asked, notes) == (PROPORTIONAL.name, None, True, [])


@pytest.mark.parametrize("most", [None, 4.0])
def test_unimax_is_as_even_as_the_limits_allow(most: float | None) -> None:
    supply = have({"web": 1e13, "code": 1e10})
    mixture, _ = ask_mixture("unimax", supply)
    made = planner.plan(
        PlanRequest("besiroglu2024", LAW, budget_for(LAW, flops=1e24), supply, mixture, max_epochs=most)
    )
    code = next(entry for entry in made.domains if entry.domain == "code")
    assert code.share < 0.5
    assert code.epochs == pytest.approx(4, rel=1e-4)
