"""The fields of a plan about serving, time, money, and the value of more data, as in its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inference:
    """The cheapest run over training and serving that is as good as the run given, or as the optimal one.

    Attributes:
        tokens_served: tokens served over its lifetime, in prompts and answers.
        params: N, as the law counts them.
        tokens: D, all of them unique.
        flops_total: 6ND for training, plus 2N for each token served.
        flops_saved_share: share saved of the training and serving FLOPs of the run that it is compared with.
    """

    tokens_served: float
    params: float
    tokens: float
    flops_total: float
    flops_saved_share: float


@dataclass(frozen=True, slots=True)
class GainPerPercent:
    """How far the loss falls, in nats, with 1 % more of one quantity.

    It is the loss of the run as given, or of the best run on the supply, with its repeats.

    Attributes:
        params: with 1 % more parameters and the same tokens.
        tokens: with 1 % more tokens and the same parameters; on a supply these are further repeats.
        compute: with a budget 1 % larger, spent optimally; for a run as given, parameters and tokens both grow.
        unique_tokens: domain -> with 1 % more of its unique tokens and the same run; 0 if it is not repeated.
    """

    params: float
    tokens: float
    compute: float
    unique_tokens: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GpuTime:
    """The time that the budget takes on hardware.

    Attributes:
        accelerator: name of the device.
        mfu: share of its peak that the model's own FLOPs reach.
        gpu_hours: hours of one device.
        gpus, days: number of devices, and days; None if neither was given. If days were given, devices are whole.
    """

    accelerator: str
    mfu: float
    gpu_hours: float
    gpus: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Money, in the currency of the price per GPU-hour.

    Attributes:
        run: GPU-hours of the budget times the price.
        want_of_data: the part of it that is lost to missing data; None for a law without a loss, and without a supply.
            It is ``(share_allocation - compute_equivalent_share) * run``, and ``(1 - share_data) * run`` for a budget.
            It does not include what a run as given loses by its split.
    """

    run: float
    want_of_data: float | None


@dataclass(frozen=True, slots=True)
class Worth:
    """The value of more tokens of one domain, with the mixture and the other domains unchanged.

    It is the compute that repeats of this domain cost this run. Rows do not add up. They do not say what the text of a
    domain teaches, or which domain to buy.

    Attributes:
        domain: a domain that was asked for, or one that the run (as given, or the optimal one) would repeat.
        added_tokens: tokens that were asked for, or those missing for one epoch, ``tokens_needed - tokens_unique``.
        fills_epoch: whether they are those missing for one epoch.
        share_gain: how much ``compute_equivalent_share`` rises; None for a law without a loss.
        share_gain_low, share_gain_high: bounds over the known range of the repetition constants.
        money: ``share_gain`` times the cost of the run; None without a price.
        break_even_per_million_tokens: ``money`` per million added tokens. At a lower price, the tokens pay for
            themselves in this run alone. It is a mean: the first tokens added have more value than the last.
    """

    domain: str
    added_tokens: float
    fills_epoch: bool
    share_gain: float | None
    share_gain_low: float | None
    share_gain_high: float | None
    money: float | None
    break_even_per_million_tokens: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to do, and what it would bring.

    Attributes:
        do: what to do, as an order.
        effect: what it brings, as a sentence without its full stop.
        compute_equivalent_share: the budget that reaches the loss after it with unlimited data and the best split, as a
            share of the plan's budget. It may exceed 1.
        free: whether it costs no data and no compute.
        domain, tokens: for unique tokens to get, of which domain and how many; None for anything else.
    """

    do: str
    effect: str
    compute_equivalent_share: float
    free: bool
    domain: str | None = None
    tokens: float | None = None


@dataclass(frozen=True, slots=True)
class RepeatsMeasured:
    """How far repeats raised the loss of published runs, next to what the plan's law says of the same runs.

    Attributes:
        params, tokens: N and D of the runs.
        epochs: epochs over all of their data; a plan repeats a single domain as often.
        runs: number of runs in the mean.
        loss_rise: rise of the loss over the loss on unique tokens, as a share of it.
        loss_rise_of_law: the same by the law; None for a law without a loss.
    """

    params: float
    tokens: float
    epochs: float
    runs: int
    loss_rise: float
    loss_rise_of_law: float | None
