"""The mixture closest to a given one that repeats no domain more often than allowed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.planning.case import PlanCase
from tokaudit.planning.mixture import project_shares
from tokaudit.planning.pools import PoolRules
from tokaudit.supply.types import DomainSupply

_ITERATIONS: Final = 60
_SETTLED: Final = 1e-6  # relative change of the run's tokens at which the suggested mixture is final


@dataclass(frozen=True, slots=True)
class SuggestedMixture:
    """The closest mixture within the allowed epochs.

    Attributes:
        shares: domain -> share, for every domain of the supply.
        case: the case with this mixture.
        tokens_feasible: the most tokens within the allowed epochs, if fewer than the plan needs; else None.
    """

    shares: dict[str, float]
    case: PlanCase
    tokens_feasible: float | None


def suggest_mixture(
    case: PlanCase,
    entries: Sequence[DomainSupply],
    share_of: Mapping[str, float],
    limits: Sequence[float],
    rules: PoolRules,
) -> SuggestedMixture | None:
    """The suggested mixture for a case; None without a supply, or if the search does not settle.

    Args:
        case: the case with the mixture asked for. Unless the run is given, its tokens change with the mixture.
        entries: the supply, in the law's tokens.
        share_of: the mixture asked for: domain -> share, for every domain of the supply, in its order.
        limits: the most tokens that each domain of the supply may give, repeats included.
        rules: what holds for the domains.
    """
    if not case.pools:
        return None
    shares_asked = [share_of[entry.domain] for entry in entries]
    # The limits are kept by the shares. A case that kept to them too would shrink its run instead of changing its
    # mixture.
    unlimited = replace(case, pools=[replace(pool, most_epochs=math.inf) for pool in case.pools])
    free = PoolRules(loose=rules.loose)
    tokens = (unlimited.run_on_supply() or case.law.optimum(case.flops)).tokens
    for _ in range(_ITERATIONS):
        shares, feasible = project_shares(shares_asked, limits, tokens)
        found = {entry.domain: share for entry, share in zip(entries, shares, strict=True)}
        changed = replace(case, pools=free.pools(entries, found), loose=rules.are_loose(entries, found))
        after = _best_tokens(changed, tokens)
        if abs(after / tokens - 1) < _SETTLED:
            limited = replace(changed, pools=rules.pools(entries, found))
            return SuggestedMixture(found, limited, None if feasible else _most_tokens(limits, shares_asked))
        tokens = after
    return None


def _best_tokens(case: PlanCase, tokens: float) -> float:
    law = case.repeated_data
    return law.optimum(case.flops).tokens if law and case.given is None else tokens


def _most_tokens(limits: Sequence[float], shares_asked: Sequence[float]) -> float:
    return math.fsum(limit for limit, share in zip(limits, shares_asked, strict=True) if share)
