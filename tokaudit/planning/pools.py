"""From a supply and a mixture to the domains that a run draws on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tokaudit.laws.pools import Pools
from tokaudit.supply.types import DomainSupply


@dataclass(frozen=True, slots=True)
class PoolRules:
    """What holds for the domains of a supply, whatever their shares.

    Attributes:
        most_epochs: most epochs of any domain; endless: no limit.
        most_epochs_of: domain -> most epochs, for single domains.
        loose: domains that stand for a wider category, so that they alone decide nothing.
    """

    most_epochs: float = math.inf
    most_epochs_of: Mapping[str, float] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()

    def limit(self, domain: str) -> float | None:
        """The most epochs of a domain; None: endless."""
        most = self.most_epochs_of.get(domain, self.most_epochs)
        return most if math.isfinite(most) else None

    def pools(self, entries: Sequence[DomainSupply], share_of: Mapping[str, float]) -> Pools:
        """The domains with a share, in the supply's order."""
        used = [entry for entry in entries if share_of[entry.domain]]
        return Pools.of_arrays(
            np.array([share_of[entry.domain] for entry in used], np.float64),
            np.array([entry.tokens_unique for entry in used], np.float64),
            np.array([self.most_epochs_of.get(entry.domain, self.most_epochs) for entry in used], np.float64),
        )

    def are_loose(self, entries: Sequence[DomainSupply], share_of: Mapping[str, float]) -> list[bool]:
        """Whether each of these domains stands for a wider category; empty: none does."""
        if not self.loose:
            return []
        return [entry.domain in self.loose for entry in entries if share_of[entry.domain]]
