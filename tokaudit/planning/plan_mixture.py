"""The fields of a plan about its mixture and its stages, as in its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.planning.verdicts import Constraint, Level


@dataclass(frozen=True, slots=True)
class MixturePart:
    """Where a part of a published mixture went.

    Attributes:
        component: its name in the source.
        domain: the domain of the supply that stands for it; None: the supply has none, so the others share its tokens.
        share: its share in the source, 0 to 1.
        loose: whether the domain stands for a wider category, so that it alone decides nothing.
    """

    component: str
    domain: str | None
    share: float
    loose: bool


@dataclass(frozen=True, slots=True)
class PlanMixture:
    """The mixture of a plan.

    Attributes:
        name: ``proportional``, ``as given``, ``by stages``, ``unimax``, or the name of a published mixture.
        source: where it comes from.
        shares: domain -> share, 0 to 1.
        parts: how a published mixture was mapped to the supply's domains; empty for others.
        asked: whether the user asked for it; False: it is the default.
    """

    name: str
    source: str
    shares: Mapping[str, float]
    parts: tuple[MixturePart, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class MixtureVerdict:
    """What the plan would say with another mixture.

    Attributes:
        mixture: its name.
        constraint, binding_domain, compute_equivalent_share: as in a plan.
        certainty: the level alone.
        most_epochs: epochs of the domain that is used most.
    """

    mixture: str
    constraint: Constraint | None
    certainty: Level | None
    binding_domain: str | None
    most_epochs: float | None
    compute_equivalent_share: float | None


@dataclass(frozen=True, slots=True)
class MixtureLeftOut:
    """A published mixture that the supply can't be compared with, and why."""

    mixture: str
    why: str


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage of a run.

    Attributes:
        stage: its name.
        tokens: its tokens.
        shares: domain -> share of its tokens, 0 to 1.
        epochs: domain -> epochs in this stage; None without a supply.
    """

    stage: str
    tokens: float
    shares: Mapping[str, float]
    epochs: Mapping[str, float] | None
