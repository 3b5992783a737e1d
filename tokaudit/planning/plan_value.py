"""What a plan says of serving, time, money, and what more of everything is worth, field by field as in its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inference:
    """The cheapest run over a lifetime of training and serving, as good as the run given or the optimal one.

    Attributes:
        tokens_served: tokens over its lifetime, prompts and answers alike.
        params: N, as the law counts them.
        tokens: D it is trained on, all of them different.
        flops_total: 6ND of training and 2N for each token served.
        flops_saved_share: of what the run it is compared with takes for both.
    """

    tokens_served: float
    params: float
    tokens: float
    flops_total: float
    flops_saved_share: float


@dataclass(frozen=True, slots=True)
class GainPerPercent:
    """Nats by which the loss falls with 1 % more of one thing.

    It is the loss of the run as given, or of the best run on the supply, with its repeats.

    Attributes:
        params: N, for the same tokens.
        tokens: D, for the same parameters; on a supply they come as further repeats.
        compute: of the budget, spent as is best; for a run as given parameters and tokens both grow.
        unique_tokens: domain -> of its unique tokens, for the same run; 0 where it is not repeated.
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
        gpus, days: how many, for how long; None where neither was given. Devices for given days are whole ones.
    """

    accelerator: str
    mfu: float
    gpu_hours: float
    gpus: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Money, in the currency of the price of a GPU-hour.

    Attributes:
        run: GPU-hours of the budget, times the price.
        want_of_data: the part of it that missing data takes, ``(share_allocation - compute_equivalent_share) * run``:
            for a budget ``(1 - share_data) * run``. What a run as given loses by its split is not in it. None for a
            law without a loss, and without a supply.
    """

    run: float
    want_of_data: float | None


@dataclass(frozen=True, slots=True)
class Worth:
    """What more of a domain would gain, the mixture and the other domains as they are.

    It is the compute that repeats of this domain cost this run: rows do not add up, and none says what the
    domain's text would teach, nor which domain to buy.

    Attributes:
        domain: one that was asked for, or of which the run (as given, or the optimal one) needs more than is unique.
        added_tokens: what was asked for, or what is missing to one epoch, ``tokens_needed - tokens_unique``.
        fills_epoch: whether they are the latter.
        share_gain: by how much ``compute_equivalent_share`` rises; None for a law without a loss.
        share_gain_low, share_gain_high: bounds over what is known of how repeats lose worth.
        money: ``share_gain`` of what the run costs; None without a price.
        break_even_per_million_tokens: ``money`` for a million of the added tokens: bought for less, they pay by this
            run alone. It is a mean: the first tokens added are worth more than the last.
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
class RepeatsMeasured:
    """How far repeats raised the loss of published runs, beside what the plan's law says of the same runs.

    Attributes:
        params, tokens: N and D.
        epochs: of all of their data; a plan repeats one domain of many so.
        runs: whose mean it is.
        loss_rise: over the loss on tokens that are all different, as a share of it.
        loss_rise_of_law: the law's; None for a law without a loss.
    """

    params: float
    tokens: float
    epochs: float
    runs: int
    loss_rise: float
    loss_rise_of_law: float | None
