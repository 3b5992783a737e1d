"""A plan's first stage: the supply in the tokens of every law that is asked, and the share of each domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.repeated_data import DomainPool
from tokaudit.planning.case import MOST_TOKENS, PlanCase
from tokaudit.planning.mixture import proportional
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.suggest_mixture import pools_of, suggest_mixture
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import Supply

_REMEDY: Final = "give its tokens with --supply, or shares without it as --mixture DOMAIN=SHARE,…"


@dataclass(frozen=True, slots=True)
class ResolvedVoter:
    """A law that is asked, and the domains that the mixture draws on, in this law's tokens."""

    law: ScalingLaw
    pools: Sequence[DomainPool]


@dataclass(frozen=True, slots=True)
class ResolvedPlan:
    """What a plan is judged on.

    Attributes:
        request: as it was asked.
        supply: in the law's tokens, where it could be converted.
        share_of: domain -> share, for every domain of the supply; without a supply the shares as they were asked.
        names: the domains that the mixture draws on, in the supply's order.
        pools: the same with their shares and unique tokens, in the law's tokens.
        limits: most tokens that each domain of the supply may give in the suggested mixture, repeats included.
        voters: every law that is asked, this one among them, in order of name; empty where none is asked beside it.
        added: domain -> tokens whose worth is asked, as the law counts them; None: what each domain lacks.
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
    """The supply converted once for each law, checked shares, and what each domain may give.

    Raises:
        UsageError: a share, a limit or added tokens for a domain that the supply does not have, or has no token of.
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
    """The shares as near to those asked for as the limits allow."""
    case = PlanCase.of(request.law, request.budget, pools_of(supply.domains, share_of))
    found = suggest_mixture(case, supply.domains, share_of, limits)
    return found.shares if found else share_of


def _added(added: Mapping[str, float], supply: Supply, names: Sequence[str]) -> dict[str, float]:
    """The tokens to add as the law counts them, those of each domain converted as its supply was."""
    if unknown := sorted(set(added) - set(names)):
        raise UsageError(f"--add: the run draws on no {', '.join(unknown)} (on {', '.join(names) or 'nothing'})")
    for domain, tokens in added.items():
        if not 0 < tokens <= MOST_TOKENS:
            raise UsageError(f"--add: {tokens:g} tokens of {domain} can't be had (above 0, up to {MOST_TOKENS:g})")
    factors = {entry.domain: entry.factor.value if entry.factor else 1.0 for entry in supply.domains}
    return {domain: tokens * factors[domain] for domain, tokens in added.items()}


def _checked_shares(
    supply: Supply, shares: Mapping[str, float] | None, limits: Mapping[str, float]
) -> Mapping[str, float]:
    """Domain -> share for every domain of the supply; without a supply the shares as they are."""
    if not supply.domains:
        return shares or {}
    unique = {entry.domain: entry.tokens_unique for entry in supply.domains}
    for domain, tokens in unique.items():
        if not 0 <= tokens <= MOST_TOKENS:
            raise UsageError(f"the supply's {tokens:g} tokens of {domain} are no supply (0 to {MOST_TOKENS:g})")
    _check_known("--mixture", shares or {}, unique, _REMEDY)
    _check_known("--max-epochs", limits, unique, "leave it out")
    if shares is None:
        return proportional(unique)
    if empty := sorted(domain for domain, share in shares.items() if share and not unique[domain]):
        names = ", ".join(empty)
        raise UsageError(f"--mixture asks for {names}, of which the supply has no unique tokens; {_REMEDY}")
    return {domain: shares.get(domain, 0.0) for domain in unique}


def _check_known(option: str, named: Mapping[str, float], unique: Mapping[str, float], remedy: str) -> None:
    if unknown := sorted(set(named) - set(unique)):
        names = ", ".join(map(repr, unknown))
        raise UsageError(f"{option}: the supply has no domain {names} (it has {', '.join(unique)}); {remedy}")
