"""A plan, field by field as in its JSON; the planner makes it, reports write it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.planning.plan_certainty import Certainty, LawAgreement, LawVerdict, OptimumInterval, PredictedLoss
from tokaudit.planning.plan_mixture import MixtureLeftOut, MixtureVerdict, PlanMixture, StagePlan
from tokaudit.planning.plan_value import Advice, Cost, GainPerPercent, GpuTime, Inference, RepeatsMeasured, Worth
from tokaudit.planning.verdicts import Cause, Constraint, DomainVerdict


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget.

    Attributes:
        flops: training FLOPs.
        params, tokens: N and D; None: not given.
        params_total: all parameters of a mixture of experts, whose ``params`` are active ones; None: a dense model.
    """

    flops: float
    params: float | None = None
    tokens: float | None = None
    params_total: float | None = None


@dataclass(frozen=True, slots=True)
class Optimal:
    """The law's best run for the budget with unlimited unique data; loss in nats, None if the law gives none."""

    params: float
    tokens: float
    loss: float | None


@dataclass(frozen=True, slots=True)
class Constrained:
    """The best run for the budget on the supply, within the epochs that ``--max-epochs`` allows.

    Attributes:
        params, tokens: N and D.
        epochs: epochs of the binding domain.
        loss: in nats per token.
        params_low, params_high, tokens_low, tokens_high: its range, without a claim of coverage. It is taken over the
            draws of the constants of repetition (10th to 90th percentile). It also includes four pairs of them that fit
            published runs almost equally well.
        loss_low, loss_high: the same for its loss above that of the optimal run with unlimited data.
    """

    params: float
    tokens: float
    epochs: float
    loss: float
    params_low: float
    params_high: float
    tokens_low: float
    tokens_high: float
    loss_low: float
    loss_high: float


@dataclass(frozen=True, slots=True)
class Loss:
    """Loss, in nats per token, of the run as given or of the optimal one.

    Attributes:
        irreducible, model_term, data_term, total: the loss if no token were repeated.
        on_supply: the loss with the repeats that the supply makes necessary; None without a supply.
    """

    irreducible: float
    model_term: float
    data_term: float
    total: float
    on_supply: float | None


@dataclass(frozen=True, slots=True)
class FlipsAt:
    """Where ``constraint`` changes: the budget in FLOPs, and the factor on the unique tokens of every domain.

    Both are None far beyond the data, where sources disagree.
    """

    flops: float | None
    supply_factor: float | None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The largest runs that the supply can feed.

    Attributes:
        flops_one_epoch, params_one_epoch: the largest optimal run that uses the binding domain once.
        flops_four_epochs, params_four_epochs: the one that uses it four times; None for a law without a loss.
        flops_still_helping_low, flops_still_helping_high: the largest budget at which doubling still lowers the loss by
            1e-4 nats, lowest and highest over four pairs of constants of repetition; None for a law without a loss.

    Far beyond the data, all but the first two are None.
    """

    flops_one_epoch: float
    flops_four_epochs: float | None
    params_one_epoch: float
    params_four_epochs: float | None
    flops_still_helping_low: float | None
    flops_still_helping_high: float | None


@dataclass(frozen=True, slots=True)
class DomainPlan:
    """One domain of the mixture; without a supply, its share and need only.

    Attributes:
        share: share of the run's tokens, 0 to 1.
        tokens_needed: its part of the tokens of the run as given, or of the optimal run.
        tokens_unique: unique tokens in the supply, in the law's tokens like every other number; None without a supply.
        tokens_unique_low, tokens_unique_high: the supply's bounds, widened by the spread of the factor.
        bytes_unique: UTF-8 bytes of the same text; None if the supply knows tokens only.
        bytes_needed: UTF-8 bytes of ``tokens_needed`` in such text.
        tokens_factor: the law's tokens per token of the supply; None: not converted, taken as the law's.
        loose: whether it stands for a wider category of a published mixture, so that it alone decides nothing.
        max_epochs: the most epochs that ``--max-epochs`` allows; None: no limit was given.
        epochs: epochs of the domain in the run on the supply (constrained, or as given).
        tokens_effective: effective tokens of these epochs.
        verdict: verdict by epochs, with bounds at 1, 4 and 16; if more compute no longer helps, by the epochs of the
            optimal run.
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
    loose: bool = False
    max_epochs: float | None = None
    epochs: float | None = None
    tokens_effective: float | None = None
    verdict: DomainVerdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whether data limits a training run, in which domain, and by how much.

    None in any field: it does not apply, or is not known.

    Attributes:
        law: name of the law.
        budget, optimal, constrained, loss: see their classes.
        tokens_side: share of the loss's sensitivity that lies with tokens: 0.5 at the optimum, above 2/3 short of
            tokens, below 1/3 short of parameters.
        constraint: what the user should have or buy more of; None for a budget without a supply, and for a mixture of
            experts under a law for dense models.
        cause: why.
        certainty: how certain it is; None without it.
        far_beyond_data: whether the best run on the supply repeats it more than 16 times, where sources disagree.
        share_allocation: the smallest budget that reaches the loss of the run as given, as a share of its FLOPs.
        share_data: the share of that budget that would reach the loss on the supply with unlimited data; low and high
            over the known range of the repetition constants.
        compute_equivalent_share: the product of the two shares.
        implied_inference_tokens: tokens to serve that make this run the cheapest one of its loss.
        agreement: None if there is no verdict.
        domains: the domains in the supply's order.
        binding_domain: the domain that is repeated most; None if none is repeated.
        mixture: the mixture that the numbers are for; None for a supply of one domain, and without supply and shares.
        mixtures: the same plan with this and other mixtures; empty for a supply of one domain.
        mixtures_left_out: published mixtures that do not fit the supply.
        mixture_suggested: domain -> share of the mixture closest to the one asked for within the epoch limits.
        stages: the stages of the run, with ``--stage``; None: it has none.
        advice: what to do, best first: what is free, then what costs.
        loss_predicted: None for a law without a loss or without draws of it.
        interval: None for a law without draws of its one-epoch constants.
        inference: the cheapest run, if tokens to serve are given; None for a law without a loss.
        sensitivity: the verdict of every law that was asked, including the plan's own.
        gain_per_percent: None for a law without a loss.
        hardware: None if no accelerator and no price is given.
        cost: None without a price per GPU-hour.
        worth: value of more data, one row per domain that the run needs more of than there is, in the supply's order;
            None without a supply.
        repeats_measured: published runs that repeated all of their data about as often as this plan repeats its
            binding domain, one per size; empty if there are none.
        supply_origin: where the supply's numbers come from.
        supply_tokenizer: tokenizer whose tokens the supply counts; None: taken as the law's.
        complete: whether what is measured of the supply is final and of all the input.
        warnings: complete sentences for the reader.
        notes: what bears on this verdict, the most important first; shorter than in ``warnings``.
        details: the source of each of the supply's numbers.
    """

    law: str
    budget: Budget
    optimal: Optimal | None
    constrained: Constrained | None
    loss: Loss | None
    tokens_side: float | None
    constraint: Constraint | None
    cause: Cause | None
    certainty: Certainty | None
    far_beyond_data: bool
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
    mixture: PlanMixture | None
    mixtures: tuple[MixtureVerdict, ...]
    mixtures_left_out: tuple[MixtureLeftOut, ...]
    mixture_suggested: Mapping[str, float] | None
    stages: tuple[StagePlan, ...] | None
    advice: tuple[Advice, ...]
    loss_predicted: PredictedLoss | None
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
    notes: tuple[str, ...]
    details: tuple[str, ...] = ()
    complete: bool = True
