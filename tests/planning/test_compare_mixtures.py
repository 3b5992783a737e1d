"""The same plan with other mixtures, each against a plan of its own."""

from collections.abc import Mapping
from typing import Any

import pytest
from made.plans import make_plan

from tokaudit.catalog.reference.mixtures import Component, Mixture, find_mixture, mixtures
from tokaudit.laws.find import shipped_draws
from tokaudit.laws.published.besiroglu2024 import LAW
from tokaudit.planning import planner
from tokaudit.planning.ask_mixture import PROPORTIONAL, AskedMixture, published_mixture
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.request import PlanRequest
from tokaudit.supply.types import DomainSupply, Supply

DRAWS = {name: values[:50] for name, values in shipped_draws("besiroglu2024").items()}


def have(tokens: Mapping[str, float], *, published: bool = False) -> Supply:
    return Supply(tuple(DomainSupply(*pair) for pair in tokens.items()), "a test", published=published)


def made_up(name: str, **shares: float) -> Mixture:
    parts = (
        Component(name, domain, domain, False, share, None, None, None, "read", "a paper")
        for domain, share in shares.items()
    )
    return Mixture(name, tuple(parts))


def planned(supply: Supply, mixture: AskedMixture = PROPORTIONAL, *known: Mixture, **more: Any) -> Plan:
    budget = budget_for(LAW, flops=1e24)
    return planner.plan(
        PlanRequest("besiroglu2024", LAW, budget, supply, mixture, known_mixtures=known, draws=DRAWS, **more)
    )


def test_each_row_is_what_a_plan_with_that_mixture_says() -> None:
    supply, halves = have({"web": 1e12, "code": 5e10}), made_up("halves", web=0.5, code=0.5)
    found = planned(supply, PROPORTIONAL, halves)
    assert [row.mixture for row in found.mixtures] == ["proportional", "unimax", "halves"]
    own = planned(supply, published_mixture(halves))
    row = found.mixtures[2]
    assert own.certainty is not None
    assert (row.constraint, row.certainty) == (own.constraint, own.certainty.level)
    assert row.binding_domain == own.binding_domain == "code"
    assert row.compute_equivalent_share == own.compute_equivalent_share
    assert row.most_epochs == pytest.approx(max(entry.epochs or 0 for entry in own.domains))
    assert own.mixtures[0] == row


def test_the_plan_s_own_mixture_comes_first_and_once() -> None:
    supply, halves = have({"web": 1e12, "code": 5e10}), made_up("halves", web=0.5, code=0.5)
    found = planned(supply, published_mixture(halves), halves)
    assert [row.mixture for row in found.mixtures] == ["halves", "proportional", "unimax"]


@pytest.mark.parametrize(("lacks", "left_out"), [(0.2, False), (0.21, True)])
def test_a_mixture_that_lacks_over_a_fifth_is_left_out(lacks: float, left_out: bool) -> None:
    known = made_up("known", web=0.5, code=0.5 - lacks, books=lacks)
    found = planned(have({"web": 1e12, "code": 5e10}), PROPORTIONAL, known)
    assert ("known" in {row.mixture for row in found.mixtures}) != left_out
    why = {row.mixture: row.why for row in found.mixtures_left_out}
    assert why == ({"known": "the supply has no domain for 21 % of it"} if left_out else {})


def test_a_mixture_without_a_domain_that_the_user_gave_is_left_out() -> None:
    known = made_up("known", web=0.9, code=0.1)
    given = {"web": 1e12, "code": 5e10, "poems": 1e9}
    found = planned(have(given), PROPORTIONAL, known)
    assert [(row.mixture, row.why) for row in found.mixtures_left_out] == [("known", "it uses no poems")]
    assert planned(have(given, published=True), PROPORTIONAL, known).mixtures_left_out == ()
    assert planned(have({**given, "poems": 0.0}), PROPORTIONAL, known).mixtures_left_out == ()


def test_every_known_mixture_is_compared_or_left_out() -> None:
    supply = have({"web": 1e13, "code": 1e12, "books": 1e11, "math": 1e11}, published=True)
    found = planned(supply, published_mixture(find_mixture("llama3")), *mixtures())
    names = [row.mixture for row in found.mixtures] + [row.mixture for row in found.mixtures_left_out]
    assert sorted(names) == sorted(["proportional", "unimax", *(known.name for known in mixtures())])


def test_a_supply_of_one_domain_has_nothing_to_compare() -> None:
    found = planned(have({"web": 1e12}), PROPORTIONAL, *mixtures())
    assert (found.mixture, found.mixtures, found.mixtures_left_out) == (None, (), ())


def test_a_domain_that_is_mapped_loosely_is_so_in_the_comparison() -> None:
    supply = have({"web": 1e14, "code": 1e13, "math": 1e9}, published=True)
    found = planned(supply, PROPORTIONAL, find_mixture("llama3"))
    row = next(row for row in found.mixtures if row.mixture == "llama3")
    strict = make_plan(
        "besiroglu2024", LAW, budget_for(LAW, flops=1e24), supply, {"web": 0.6, "code": 0.1, "math": 0.3}
    )
    assert (row.constraint, strict.constraint) == ("compute", "data")
