"""From a supply and a mixture to the domains that a run draws on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tokaudit.laws.repeated_data import DomainPool
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

    def pools(self, entries: Sequence[DomainSupply], share_of: Mapping[str, float]) -> list[DomainPool]:
        """The domains with a share, in the supply's order."""
        return [
            DomainPool(
                share_of[entry.domain], entry.tokens_unique, self.most_epochs_of.get(entry.domain, self.most_epochs)
            )
            for entry in entries
            if share_of[entry.domain]
        ]

    def are_loose(self, entries: Sequence[DomainSupply], share_of: Mapping[str, float]) -> list[bool]:
        """Whether each of these domains stands for a wider category."""
        return [entry.domain in self.loose for entry in entries if share_of[entry.domain]]
