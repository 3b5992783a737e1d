"""The fields of a plan about how certain it is, as in its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.planning.verdicts import Constraint, Level


@dataclass(frozen=True, slots=True)
class LawVerdict:
    """What one law says of the budget on the supply; its best run is with unlimited unique data.

    Attributes:
        law: its name.
        params, tokens: the best run.
        constraint: its verdict; None for a budget without a supply.
        compute_equivalent_share: None for a law without a loss, and without a supply.
        votes: whether its verdict counts in ``agreement``: runs that several laws are fitted on have one vote.
    """

    law: str
    params: float
    tokens: float
    constraint: Constraint | None
    compute_equivalent_share: float | None
    votes: bool


@dataclass(frozen=True, slots=True)
class LawAgreement:
    """How many say what ``constraint`` says.

    Attributes:
        laws: number of votes, one for each set of runs that laws are fitted on.
        same_verdict: number of votes for the same verdict.
        draws_same_verdict: share (0 to 1) of the joint draws of the plan's law with the same verdict; None without
            draws.
    """

    laws: int
    same_verdict: int
    draws_same_verdict: float | None


@dataclass(frozen=True, slots=True)
class Certainty:
    """How certain ``constraint`` is.

    Attributes:
        level: ``sure``: at least 95 % of the draws and all votes agree, and no bound of the supply and no other
            constants of repetition turn the verdict; ``likely``: at least 80 % of the draws (or there are none) and
            75 % of the votes; else ``undecided``.
        draws: share (0 to 1) of the draws that agree; None without draws.
        laws: share of the votes that agree.
        why: what makes it less than sure, in words; None if it is sure.
        readings: verdict -> its share of the draws, or of the votes if there are no draws.
    """

    level: Level
    draws: float | None
    laws: float
    why: str | None
    readings: Mapping[Constraint, float]


@dataclass(frozen=True, slots=True)
class OptimumInterval:
    """Intervals of ``optimal`` with probability ``level``, from joint draws of the law's constants."""

    params_low: float
    params_high: float
    tokens_low: float
    tokens_high: float
    level: float


@dataclass(frozen=True, slots=True)
class PredictedLoss:
    """The loss, in nats per token, of the run as given or of the best one, with its repeats.

    Attributes:
        loss: by the law's own constants.
        low, high: the middle ``level`` of the joint draws of the law's constants.
        level: probability, 0 to 1.
    """

    loss: float
    low: float
    high: float
    level: float
