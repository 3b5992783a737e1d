"""What a plan says about serving, time, money and the value of more data, in words."""

from collections.abc import Iterator
from typing import Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_value import Cost, GainPerPercent, GpuTime, Inference, RepeatsMeasured, Worth
from tokaudit.reports.plan_domains import short_name
from tokaudit.reports.units_words import run_size

_MOST_ADDED: Final = 2


def asked_for(plan: Plan) -> Iterator[str]:
    """Answers to ``--inference-tokens``, ``--price-gpu-hour`` and ``--add``, one line each."""
    if plan.inference:
        served = format_count(plan.inference.tokens_served)
        yield f"Serving {served} tokens: {_lifetime(plan.inference)}."
    if plan.cost and plan.hardware:
        hours = f"{format_count(plan.hardware.gpu_hours)} hours of {plan.hardware.accelerator}"
        yield f"Cost: {_cost(plan.cost)} ({hours})."
    for row in [each for each in plan.worth or () if not each.fills_epoch][:_MOST_ADDED]:
        yield f"More {short_name(row.domain)}: {_worth(row)}."


def value_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """What each is, and its value."""
    if plan.inference:
        yield f"serving {format_count(plan.inference.tokens_served)} tokens", _lifetime(plan.inference)
    if plan.gain_per_percent:
        yield "1 % more lowers the loss by", _gains(plan.gain_per_percent)
    if plan.hardware:
        yield "time", _time(plan.hardware)
    if plan.cost:
        yield "cost", _cost(plan.cost)
    for row in plan.worth or ():
        yield f"{'one epoch' if row.fills_epoch else 'more'} of {row.domain}", _worth(row)
    for repeats in plan.repeats_measured:
        yield f"measured: {format_count(repeats.epochs)} epochs", _measured(repeats)


def _lifetime(there: Inference) -> str:
    best = f"{run_size(there.params, there.tokens)}"
    saved = f"saves {percent(there.flops_saved_share)} of training and serving"
    return f"the cheapest run has {best}. It takes {format_power(there.flops_total)} FLOPs in all and {saved}"


def _gains(gain: GainPerPercent) -> str:
    parts = [("parameters", gain.params), ("tokens", gain.tokens), ("compute", gain.compute)]
    parts += [(f"unique {domain}", nats) for domain, nats in gain.unique_tokens.items() if nats > 0]
    return ", ".join(f"{name} {1000 * nats:.3g}" for name, nats in parts) + " thousandths of a nat"


def _time(time: GpuTime) -> str:
    whole = f"{format_count(time.gpu_hours)} GPU-hours of {time.accelerator} at an MFU of {time.mfu:g}"
    if time.gpus is None or time.days is None:
        return whole
    return f"{whole}: {time.gpus:,.0f} GPUs for {format_count(time.days)} days"


def _cost(cost: Cost) -> str:
    """Money in the currency of the price."""
    lost = "" if cost.want_of_data is None else f", of which {format_count(cost.want_of_data)} is due to missing data"
    return f"{format_count(cost.run)}{lost}"


def _worth(row: Worth) -> str:
    added = f"{format_count(row.added_tokens)} more tokens"
    if row.share_gain is None:
        return added
    gain = f"{percent(row.share_gain)} of the compute ({percent(row.share_gain_low)} to {percent(row.share_gain_high)})"
    if row.money is None:
        return f"{added} recover {gain}"
    each = f"{row.break_even_per_million_tokens:.3g} per million tokens"
    return f"{added} recover {gain}: {format_count(row.money)}, or {each}"


def _measured(row: RepeatsMeasured) -> str:
    law = "" if row.loss_rise_of_law is None else f"; the law says {percent(row.loss_rise_of_law)}"
    runs = "1 run" if row.runs == 1 else f"{row.runs} runs"
    return f"the loss is {percent(row.loss_rise)} higher ({run_size(row.params, row.tokens)}, {runs}){law}"
