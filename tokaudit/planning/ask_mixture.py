"""The mixture that a plan is asked for, or takes by default, before it meets a supply."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.catalog.reference.mixtures import Component, Mixture, find_mixture
from tokaudit.core.given_numbers import Numbers
from tokaudit.planning.defaults import UNIMAX
from tokaudit.planning.mixture import parse_shares, uniform
from tokaudit.planning.plan_mixture import MixturePart
from tokaudit.supply.types import Supply

DEFAULT_MIXTURE: Final = "llama3"
"""The mixture of a published supply, in proportion to which nobody trains."""


@dataclass(frozen=True, slots=True)
class AskedMixture:
    """A mixture, before it meets a supply.

    Attributes:
        name, source: as in `plan.PlanMixture`.
        shares: domain -> share of the run's tokens, summing to 1; None: in proportion to the supply.
        even: whether to use shares as close to these as the allowed epochs permit.
        components: the parts of a published mixture that is mapped to the supply's domains; domains that the supply
            lacks are left out, and the others share their tokens. Empty: shares for domains without tokens are refused.
        asked: whether the user asked for it.
        option: the option that it was given with, for messages.
    """

    name: str
    source: str
    shares: Mapping[str, float] | None = None
    even: bool = False
    components: tuple[Component, ...] = ()
    asked: bool = False
    option: str = "--mixture"

    @property
    def shares_wanted(self) -> Mapping[str, float] | None:
        """Domain -> share of the run's tokens, as if the supply had every domain; None: in proportion to the supply."""
        if not self.components:
            return self.shares
        return Mixture(self.name, self.components).shares

    def mapped(self, unique: Mapping[str, float]) -> "MappedMixture | None":
        """The parts that the supply has, scaled to 1; None if it has none.

        Args:
            unique: domain -> unique tokens of the supply.
        """
        total = sum(part.share for part in self.components)
        parts = tuple(
            MixturePart(
                part.component, part.domain if unique.get(part.domain) else None, part.share / total, part.loose
            )
            for part in self.components
        )
        shares: dict[str, float] = dict.fromkeys(unique, 0.0)
        for part in parts:
            if part.domain is not None:
                shares[part.domain] += part.share
        if not (there := math.fsum(shares.values())):
            return None
        lacking = math.fsum(part.share for part in parts if part.domain is None)
        loose = frozenset(part.domain for part in parts if part.loose and part.domain is not None)
        return MappedMixture({domain: share / there for domain, share in shares.items()}, parts, loose, lacking)


@dataclass(frozen=True, slots=True)
class MappedMixture:
    """A published mixture on a supply.

    Attributes:
        shares: domain -> share, for every domain of the supply.
        parts: where each part went.
        loose: domains that stand for a wider category.
        lacking: share of the mixture for which the supply has no domain, 0 to 1.
    """

    shares: dict[str, float]
    parts: tuple[MixturePart, ...]
    loose: frozenset[str]
    lacking: float


PROPORTIONAL: Final = AskedMixture("proportional", "in proportion to the supply")


def published_mixture(known: Mixture, *, asked: bool = False) -> AskedMixture:
    """A published mixture that is mapped to whatever the supply has of it."""
    return AskedMixture(known.name, known.source, components=known.components, asked=asked)


def given_mixture(shares: Mapping[str, float]) -> AskedMixture:
    """Shares that the user gave."""
    return AskedMixture("as given", "given with --mixture", shares, asked=True)


def even_mixture(supply: Supply) -> AskedMixture:
    """Shares that are as even as the allowed epochs permit (Chung et al. 2023, arXiv:2304.09151)."""
    shares = uniform(entry.domain for entry in supply.domains if entry.tokens_unique)
    return AskedMixture(
        UNIMAX, "as even as the allowed epochs permit (arXiv:2304.09151)", shares, even=True, asked=True
    )


def ask_mixture(given: Numbers | None, supply: Supply) -> tuple[AskedMixture, list[str]]:
    """The mixture that ``--mixture`` asks for or that is the default, and notes about it.

    Args:
        given: ``DOMAIN=SHARE,…``, domain -> share, or the name of a mixture; None: the default.
        supply: the supply.

    Raises:
        UsageError: there is no such mixture, or the shares are not shares.
    """
    if given is None:
        if not supply.published or len(supply.domains) == 1:
            return PROPORTIONAL, []
        return published_mixture(find_mixture(DEFAULT_MIXTURE)), []
    if not isinstance(given, str) or "=" in given:
        return given_mixture(parse_shares(given)), []
    if given == PROPORTIONAL.name:
        return replace(PROPORTIONAL, asked=True), []
    if given == UNIMAX:
        return even_mixture(supply), [
            "mixture unimax: the shares are as even as --max-epochs allows (arXiv:2304.09151)"
        ]
    known = find_mixture(given)
    return published_mixture(known, asked=True), known.notes()
