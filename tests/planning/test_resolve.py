"""The supply in the tokens of every law, and the shares of its domains."""

import math
from typing import Any

import pytest
from made.plans import plan, supply
from made.reference import RATES

from tokaudit.catalog.reference.token_rates import TokenRates
from tokaudit.core.errors import UsageError
from tokaudit.laws.find import asked_laws
from tokaudit.laws.published import LAWS
from tokaudit.planning import planner
from tokaudit.planning.ask_mixture import even_mixture
from tokaudit.planning.plan import Budget
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.resolve import resolve
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply


def request(**more: Any) -> PlanRequest:
    """A request with a supply of web text in tokens of cl100k_base."""
    have = Supply((DomainSupply("web", 1e12),), "a test", "cl100k_base")
    return PlanRequest("besiroglu2024", LAWS.get("besiroglu2024"), Budget(1e24), have, rates=RATES, **more)


def test_without_a_mixture_shares_follow_the_supply() -> None:
    made = plan(have=supply(web=3e12, code=1e12), flops=1e24)
    assert {entry.domain: entry.share for entry in made.domains} == {"web": 0.75, "code": 0.25}


@pytest.mark.parametrize(
    ("have", "shares", "what"),
    [
        ({"web": 1e12}, {"web": 0.5, "code": 0.5}, r"no domain 'code' \(it has web\)"),
        (
            {"web": 1e12, "code": 0.0},
            {"web": 0.5, "code": 0.5},
            "--mixture: the supply has no unique tokens of code; give its tokens",
        ),
        ({"web": 0.0}, None, "no unique tokens in any domain"),
        ({"web": math.nan}, None, "nan tokens of web"),
        ({"web": 1e300}, None, "1e300 tokens of web"),
    ],
)
def test_a_mixture_of_domains_that_the_supply_lacks_is_refused(
    have: dict[str, float], shares: dict[str, float] | None, what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        plan(have=supply(**have), shares=shares, flops=1e24)


def test_the_supply_is_converted_once_for_each_law(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[str] = []

    def recorded(supply: Supply, tokenizer: str, rates: TokenRates) -> Supply:
        wanted.append(tokenizer)
        return convert(supply, tokenizer, rates)

    monkeypatch.setattr("tokaudit.planning.resolve.convert", recorded)
    voters = asked_laws()
    planner.plan(request(mixture=even_mixture(supply(web=1.0)), voters=voters))

    assert sorted(wanted) == sorted(law.metadata.tokenizer for law in voters.values())


def test_tokens_to_add_are_converted_like_their_domain() -> None:
    resolved = resolve(request(added={"web": 1e12}))
    (web,) = resolved.supply.domains

    assert web.factor is not None
    assert web.factor.value != 1
    assert resolved.added == {"web": 1e12 * web.factor.value}


@pytest.mark.parametrize(
    ("added", "what"), [({"code": 1e9}, "does not use code"), ({"web": math.inf}, "are out of bounds")]
)
def test_invalid_tokens_to_add_are_refused(added: dict[str, float], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        resolve(request(added=added))


def test_even_shares_are_as_even_as_the_epoch_limits_allow() -> None:
    have = supply(web=1e13, code=1e10)
    law = LAWS.get("besiroglu2024")
    budget = Budget(6 * 70e9 * 1.4e12, 70e9, 1.4e12)
    asked = PlanRequest("besiroglu2024", law, budget, have, even_mixture(have), voters=asked_laws())
    resolved = resolve(asked)

    assert resolved.share_of == pytest.approx({"web": 1 - 4e10 / 1.4e12, "code": 4e10 / 1.4e12})
    cases = [resolved.case(), *(resolved.case(voter=voter) for voter in resolved.voters.values())]
    assert len(cases) == len(asked_laws()) + 1
    assert {tuple(pool.share for pool in case.pools) for case in cases} == {tuple(resolved.share_of.values())}
