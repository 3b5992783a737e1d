"""What a plan says, field by field as in its JSON: the planner makes it, the reports write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tokaudit.planning.plan_value import Cost, GainPerPercent, GpuTime, Inference, RepeatsMeasured, Worth

Constraint = Literal["data", "model", "compute"]
Cause = Literal["allocation", "supply", "both", "mixture"]
DomainVerdict = Literal["enough", "repeat", "strained", "exhausted"]

MANY_EPOCHS: Final = 16
"""Beyond these the laws are known to be too kind to repeats: what they cost is at least what a plan says."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent: FLOPs, and the parameters and tokens where they are given."""

    flops: float
    params: float | None = None
    tokens: float | None = None


@dataclass(frozen=True, slots=True)
class Optimal:
    """The law's best run for the budget with unlimited unique data; loss in nats, if the law has one."""

    params: float
    tokens: float
    loss: float | None


@dataclass(frozen=True, slots=True)
class Constrained:
    """The best run for the budget on the supply; epochs of the domain that is repeated most; loss in nats."""

    params: float
    tokens: float
    epochs: float
    loss: float


@dataclass(frozen=True, slots=True)
class Loss:
    """Loss in nats a token of the run as given, or of the optimal one.

    Attributes:
        irreducible, model_term, data_term, total: if no token were repeated.
        on_supply: with the repeats that the supply makes of it; None without a supply.
    """

    irreducible: float
    model_term: float
    data_term: float
    total: float
    on_supply: float | None


@dataclass(frozen=True, slots=True)
class FlipsAt:
    """Where ``constraint`` changes: the budget in FLOPs, and the factor on every domain's unique tokens."""

    flops: float | None
    supply_factor: float | None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the supply can feed.

    Attributes:
        flops_one_epoch, params_one_epoch: the largest best run that uses the binding domain once.
        flops_four_epochs, params_four_epochs: the same four times; None for a law without a loss.
        flops_still_helping: the largest budget that is worth doubling: by that the loss falls by 1e-4 nats. None for
            a law without a loss.
    """

    flops_one_epoch: float
    flops_four_epochs: float | None
    params_one_epoch: float
    params_four_epochs: float | None
    flops_still_helping: float | None


@dataclass(frozen=True, slots=True)
class LawVerdict:
    """What one of the laws asked says of the budget on the supply; its best run is with unlimited unique data."""

    law: str
    params: float
    tokens: float
    constraint: Constraint | None
    compute_equivalent_share: float | None


@dataclass(frozen=True, slots=True)
class LawAgreement:
    """How sure ``constraint`` is.

    Attributes:
        laws: how many laws were asked, the plan's own among them.
        same_verdict: how many of them say the same.
        draws_same_verdict: share (0 to 1) of the joint draws of the plan's law that say the same; None without draws.
    """

    laws: int
    same_verdict: int
    draws_same_verdict: float | None


@dataclass(frozen=True, slots=True)
class OptimumInterval:
    """Where parameters and tokens of ``optimal`` lie with that probability, by joint draws of the law's constants."""

    params_low: float
    params_high: float
    tokens_low: float
    tokens_high: float
    level: float


@dataclass(frozen=True, slots=True)
class DomainPlan:
    """One domain of the mixture; without a supply what it needs alone.

    Attributes:
        share: part of the run's tokens, 0 to 1.
        tokens_needed: its part of the optimal run's tokens, or of the run as given.
        tokens_unique: what the supply has of it, in the law's tokens as every other number, with bounds: the supply's
            own, widened by the spread of the factor; None where there is no supply.
        bytes_unique: UTF-8 bytes of the same text; None where the supply knows its tokens only.
        bytes_needed: what ``tokens_needed`` are in such text.
        tokens_factor: the law's tokens for one of the supply's; None: taken as the law's, unconverted.
        epochs: how often the run on the supply (constrained, or as given) uses each of its tokens.
        tokens_effective: what those uses are worth in tokens that are all different.
        verdict: by epochs: 1, 4 and 16 are the bounds; by those of the optimal run where compute no longer helps.
    """

    domain: str
    share: float
    tokens_needed: float
    tokens_unique: float | None = None
    tokens_unique_low: float | None = None
    tokens_unique_high: float | None = None
    bytes_unique: float | None = None
    bytes_needed: float | None = None
    tokens_factor: float | None = None
    epochs: float | None = None
    tokens_effective: float | None = None
    verdict: DomainVerdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whether data limits a training run, in which domain and by how much.

    None in any field: it does not apply, or can't be said.

    Attributes:
        law: name of the law.
        budget, optimal, constrained, loss: see their classes.
        tokens_side: the part of the loss's response that lies with tokens: 0.5 at the optimum, above 2/3
            short of tokens, below 1/3 short of parameters.
        constraint: what one should have or buy more of.
        cause: why.
        share_allocation: smallest budget that reaches the loss of the run as given, as a share of its FLOPs.
        share_data: likewise what is left of that budget's worth on the supply; low and high over what is
            known of how repeats lose worth.
        compute_equivalent_share: the product of the two.
        implied_inference_tokens: what the run must serve to have been the cheapest of its quality.
        agreement: None where there is no verdict to agree with.
        domains: in the supply's order.
        binding_domain: the one repeated most; None if none is used more than once.
        mixture_suggested: domain -> share: the nearest to the one asked for that keeps to the limits.
        interval: None for a law without draws of its one-epoch constants.
        inference: with tokens to serve; None for a law without a loss.
        sensitivity: every law that was asked, the plan's own among them.
        gain_per_percent: None for a law without a loss.
        hardware: None where none was named and no price was given.
        cost: None without a price of a GPU-hour.
        worth: a row for each domain that the run needs more of than there is, in the supply's order; None without a
            supply.
        repeats_measured: published runs that repeated all of their data about as often as this plan repeats its
            binding domain, one a size; empty where none is like it.
        supply_origin: where the supply's numbers come from.
        supply_tokenizer: whose tokens the supply states; None: taken as the law's.
        warnings: complete sentences for the reader.
        details: how each of the supply's numbers is known.
    """

    law: str
    budget: Budget
    optimal: Optimal
    constrained: Constrained | None
    loss: Loss | None
    tokens_side: float | None
    constraint: Constraint | None
    cause: Cause | None
    compute_equivalent_share: float | None
    share_allocation: float | None
    share_data: float | None
    share_data_low: float | None
    share_data_high: float | None
    implied_inference_tokens: float | None
    flips_at: FlipsAt
    agreement: LawAgreement | None
    domains: tuple[DomainPlan, ...]
    binding_domain: str | None
    ceiling: Ceiling | None
    mixture_suggested: Mapping[str, float] | None
    inference: Inference | None = None
    interval: OptimumInterval | None
    sensitivity: tuple[LawVerdict, ...] | None
    gain_per_percent: GainPerPercent | None
    hardware: GpuTime | None = None
    cost: Cost | None = None
    worth: tuple[Worth, ...] | None
    repeats_measured: tuple[RepeatsMeasured, ...]
    supply_origin: str
    supply_tokenizer: str | None
    warnings: tuple[str, ...]
    details: tuple[str, ...] = ()
