"""The first stage of a plan: the supply in the tokens of every law that is asked, and the share of each domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_power
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.repeated_data import DomainPool
from tokaudit.planning.case import MOST_TOKENS, PlanCase
from tokaudit.planning.mixture import proportional
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.suggest_mixture import pools_of, suggest_mixture
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import Supply

_REMEDY: Final = "give its tokens with --supply, or write shares without it: --mixture DOMAIN=SHARE,…"


@dataclass(frozen=True, slots=True)
class ResolvedVoter:
    """A law that is asked, and the domains that the mixture draws on, in the tokens of this law."""

    law: ScalingLaw
    pools: Sequence[DomainPool]


@dataclass(frozen=True, slots=True)
class ResolvedPlan:
    """What a plan is judged on.

    Attributes:
        request: the request.
        supply: the supply in the law's tokens, as far as it could be converted.
        share_of: domain -> share, for every domain of the supply; without a supply, the shares as given.
        names: the domains that the mixture draws on, in the supply's order.
        pools: the same domains with their shares and unique tokens, in the law's tokens.
        limits: the most tokens that each domain of the supply may give in the suggested mixture, repeats included.
        voters: name -> every law that is asked, including this one, by name; empty if no other is asked.
        added: domain -> tokens whose value is asked for, in the law's tokens; None: what each domain lacks.
    """

    request: PlanRequest
    supply: Supply
    share_of: Mapping[str, float]
    names: Sequence[str]
    pools: Sequence[DomainPool]
    limits: Sequence[float]
    voters: Mapping[str, ResolvedVoter]
    added: Mapping[str, float] | None


def resolve(request: PlanRequest) -> ResolvedPlan:
    """The supply converted once for each law, checked shares, and the most that each domain may give.

    Raises:
        UsageError: a share, a limit or added tokens are for a domain that the supply does not have, or that is empty.
    """
    laws = {**request.voters, request.law_name: request.law}
    supplies = {
        name: convert(request.supply, law.metadata.tokenizer, request.rates) for name, law in sorted(laws.items())
    }
    supply = supplies[request.law_name]
    limits = [
        request.max_epochs_of.get(entry.domain, request.max_epochs) * entry.tokens_unique for entry in supply.domains
    ]
    share_of = _checked_shares(supply, request.shares, request.max_epochs_of)
    if request.even:
        share_of = _evened(request, supply, share_of, limits)
    names = [entry.domain for entry in supply.domains if share_of[entry.domain]]
    return ResolvedPlan(
        request=request,
        supply=supply,
        share_of=share_of,
        names=names,
        pools=pools_of(supply.domains, share_of),
        limits=limits,
        voters={
            name: ResolvedVoter(laws[name], pools_of(converted.domains, share_of))
            for name, converted in supplies.items()
            if request.voters
        },
        added=None if request.added is None else _added(request.added, supply, names),
    )


def _evened(
    request: PlanRequest, supply: Supply, share_of: Mapping[str, float], limits: Sequence[float]
) -> Mapping[str, float]:
    """The shares as close to those asked for as the limits allow."""
    case = PlanCase.of(request.law, request.budget, pools_of(supply.domains, share_of))
    found = suggest_mixture(case, supply.domains, share_of, limits)
    return found.shares if found else share_of


def _added(added: Mapping[str, float], supply: Supply, names: Sequence[str]) -> dict[str, float]:
    """The tokens to add in the law's tokens, converted like the supply of each domain."""
    if unknown := sorted(set(added) - set(names)):
        known = ", ".join(names) or "none"
        raise UsageError(f"--add: the run does not use {', '.join(unknown)} (domains that it uses: {known})")
    for domain, tokens in added.items():
        if not 0 < tokens <= MOST_TOKENS:
            raise UsageError(
                f"--add: {format_power(tokens)} tokens of {domain} are out of bounds"
                f" (above 0, up to {format_power(MOST_TOKENS)})"
            )
    factors = {entry.domain: entry.factor.value if entry.factor else 1.0 for entry in supply.domains}
    return {domain: tokens * factors[domain] for domain, tokens in added.items()}


def _checked_shares(
    supply: Supply, shares: Mapping[str, float] | None, limits: Mapping[str, float]
) -> Mapping[str, float]:
    """Domain -> share for every domain of the supply; without a supply, the shares as given."""
    if not supply.domains:
        return shares or {}
    unique = {entry.domain: entry.tokens_unique for entry in supply.domains}
    for domain, tokens in unique.items():
        if not 0 <= tokens <= MOST_TOKENS:
            raise UsageError(
                f"--supply: {format_power(tokens)} tokens of {domain} are out of bounds"
                f" (0 to {format_power(MOST_TOKENS)})"
            )
    _check_known("--mixture", shares or {}, unique, _REMEDY)
    _check_known("--max-epochs", limits, unique, "leave it out")
    if shares is None:
        return proportional(unique)
    if empty := sorted(domain for domain, share in shares.items() if share and not unique[domain]):
        names = ", ".join(empty)
        raise UsageError(f"--mixture: the supply has no unique tokens of {names}; {_REMEDY}")
    return {domain: shares.get(domain, 0.0) for domain in unique}


def _check_known(option: str, named: Mapping[str, float], unique: Mapping[str, float], remedy: str) -> None:
    if unknown := sorted(set(named) - set(unique)):
        names = ", ".join(map(repr, unknown))
        raise UsageError(f"{option}: the supply has no domain {names} (it has {', '.join(unique)}); {remedy}")
