"""The first stage of a plan: the supply in the tokens of every law that is asked, and the share of each domain."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_power
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.planning.ask_mixture import PROPORTIONAL, AskedMixture
from tokaudit.planning.case import MOST_TOKENS, PlanCase
from tokaudit.planning.mixture import DEFAULT_MAX_EPOCHS, proportional
from tokaudit.planning.plan_mixture import MixturePart
from tokaudit.planning.pools import PoolRules
from tokaudit.planning.request import PlanRequest
from tokaudit.planning.suggest_mixture import suggest_mixture
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply


@dataclass(frozen=True, slots=True)
class ResolvedVoter:
    """A law that is asked, and the supply in the tokens of this law."""

    law: ScalingLaw
    entries: Sequence[DomainSupply]


@dataclass(frozen=True, slots=True)
class ResolvedMixture:
    """A mixture on the supply.

    Attributes:
        name, source, parts: as in `plan_mixture.PlanMixture`.
        share_of: domain -> share, for every domain of the supply; without a supply, the shares as given.
        rules: what holds for the domains.
        asked: whether the user asked for it.
    """

    name: str
    source: str
    share_of: Mapping[str, float]
    rules: PoolRules
    parts: tuple[MixturePart, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ResolvedPlan:
    """What a plan is judged on.

    Attributes:
        request: the request.
        supply: the supply in the law's tokens, as far as it could be converted.
        mixture: the mixture on it.
        names: the domains that the mixture draws on, in the supply's order.
        limits: the most tokens that each domain of the supply may give in the suggested mixture, repeats included.
        voters: name -> every law that is asked, including this one, by name; empty if no other is asked.
        added: domain -> tokens whose value is asked for, in the law's tokens; None: what each domain lacks.
    """

    request: PlanRequest
    supply: Supply
    mixture: ResolvedMixture
    names: Sequence[str]
    limits: Sequence[float]
    voters: Mapping[str, ResolvedVoter]
    added: Mapping[str, float] | None

    @property
    def share_of(self) -> Mapping[str, float]:
        """Domain -> share."""
        return self.mixture.share_of

    def case(self, mixture: ResolvedMixture | None = None, voter: ResolvedVoter | None = None) -> PlanCase:
        """The case of the plan, or of another mixture or law."""
        with_mixture = mixture or self.mixture
        law, entries = (voter.law, voter.entries) if voter else (self.request.law, self.supply.domains)
        pools = with_mixture.rules.pools(entries, with_mixture.share_of)
        return PlanCase.of(
            law, self.request.budget, pools, with_mixture.rules.are_loose(entries, with_mixture.share_of)
        )


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
    _check_supply(supply, request.max_epochs_of)
    mixture = resolve_mixture(request, supply, request.mixture)
    names = [entry.domain for entry in supply.domains if mixture.share_of[entry.domain]]
    return ResolvedPlan(
        request=request,
        supply=supply,
        mixture=mixture,
        names=names,
        limits=_limits(request, supply),
        voters={
            name: ResolvedVoter(laws[name], converted.domains) for name, converted in supplies.items() if request.voters
        },
        added=None if request.added is None else _added(request.added, supply, names),
    )


def resolve_mixture(request: PlanRequest, supply: Supply, asked: AskedMixture) -> ResolvedMixture:
    """A mixture on a supply.

    Raises:
        UsageError: a share is for a domain that the supply does not have, or that is empty.
    """
    rules = PoolRules(math.inf if request.max_epochs is None else request.max_epochs, request.max_epochs_of)
    mapped = asked.mapped({entry.domain: entry.tokens_unique for entry in supply.domains}) if asked.components else None
    if mapped and not (asked.asked and mapped.lacking):
        rules = replace(rules, loose=mapped.loose)
        return ResolvedMixture(asked.name, asked.source, mapped.shares, rules, mapped.parts, asked.asked)
    if asked.components and not asked.asked:  # a default that does not fit the supply
        return resolve_mixture(request, supply, PROPORTIONAL)
    share_of = _checked_shares(supply, asked)
    if asked.even:
        share_of = _evened(request, supply, share_of, rules)
    return ResolvedMixture(asked.name, asked.source, share_of, rules, (), asked.asked)


def _limits(request: PlanRequest, supply: Supply) -> list[float]:
    every = DEFAULT_MAX_EPOCHS if request.max_epochs is None else request.max_epochs
    return [request.max_epochs_of.get(entry.domain, every) * entry.tokens_unique for entry in supply.domains]


def _evened(
    request: PlanRequest, supply: Supply, share_of: Mapping[str, float], rules: PoolRules
) -> Mapping[str, float]:
    """The shares as close to those asked for as the limits allow."""
    case = PlanCase.of(request.law, request.budget, rules.pools(supply.domains, share_of))
    found = suggest_mixture(case, supply.domains, share_of, _limits(request, supply), rules)
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


def _check_supply(supply: Supply, limits: Mapping[str, float]) -> None:
    """Refuse impossible numbers of tokens, and limits for domains that there are not."""
    for entry in supply.domains:
        tokens = entry.tokens_unique
        if tokens and not 1 <= tokens <= MOST_TOKENS:
            raise UsageError(
                f"--supply: {format_power(tokens)} tokens of {entry.domain} are out of bounds"
                f" (0, or 1 to {format_power(MOST_TOKENS)})"
            )
    if supply.domains:
        _check_known("--max-epochs", limits, [entry.domain for entry in supply.domains], "leave it out")


def _checked_shares(supply: Supply, asked: AskedMixture) -> Mapping[str, float]:
    """Domain -> share for every domain of the supply; without a supply, the shares as given."""
    shares, option, remedy = asked.shares_wanted, asked.option, _remedy(asked.option)
    if not supply.domains:
        return shares or {}
    unique = {entry.domain: entry.tokens_unique for entry in supply.domains}
    _check_known(option, shares or {}, unique, remedy)
    if shares is None:
        return proportional(unique)
    if empty := sorted(domain for domain, share in shares.items() if share and not unique[domain]):
        names = ", ".join(empty)
        raise UsageError(f"{option}: the supply has no unique tokens of {names}; {remedy}")
    return {domain: shares.get(domain, 0.0) for domain in unique}


def _remedy(option: str) -> str:
    """What to do about a share for a domain without tokens."""
    return f"give its tokens with --supply, or write shares of {option} without it: DOMAIN=SHARE,…"


def _check_known(option: str, named: Collection[str], known: Collection[str], remedy: str) -> None:
    if unknown := sorted(set(named) - set(known)):
        names = ", ".join(map(repr, unknown))
        raise UsageError(f"{option}: the supply has no domain {names} (it has {', '.join(known)}); {remedy}")
