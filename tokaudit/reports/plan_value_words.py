"""What a plan says of serving, time, money and what more of everything is worth, in words."""

from collections.abc import Iterator

from tokaudit.core.units import format_count, format_power
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_value import Cost, GainPerPercent, GpuTime, Inference, RepeatsMeasured, Worth
from tokaudit.reports.units_words import percent, run_size, tokens_per_parameter


def value_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """What each is, and its value."""
    if plan.inference:
        yield f"cheapest if {format_count(plan.inference.tokens_served)} tokens are served", _lifetime(plan.inference)
    if plan.gain_per_percent:
        yield "1% more lowers the loss by", _gains(plan.gain_per_percent)
    if plan.hardware:
        yield "time", _time(plan.hardware)
    if plan.cost:
        yield "cost", _cost(plan.cost)
    for row in plan.worth or ():
        yield f"{'one epoch' if row.fills_epoch else 'more'} of {row.domain}", _worth(row)
    for repeats in plan.repeats_measured:
        yield f"{format_count(repeats.epochs)} epochs of all data, measured", _measured(repeats)


def _lifetime(there: Inference) -> str:
    saved = f"{percent(there.flops_saved_share)} saved of training and serving"
    best = f"{run_size(there.params, there.tokens)}, {tokens_per_parameter(there.params, there.tokens)}"
    return f"{best}: {format_power(there.flops_total)} FLOPs in all, {saved}"


def _gains(gain: GainPerPercent) -> str:
    parts = [("params", gain.params), ("tokens", gain.tokens), ("compute", gain.compute)]
    parts += [(f"unique {domain}", nats) for domain, nats in gain.unique_tokens.items() if nats > 0]
    return ", ".join(f"{name} {1000 * nats:.3g}" for name, nats in parts) + " thousandths of a nat"


def _time(time: GpuTime) -> str:
    whole = f"{format_count(time.gpu_hours)} GPU-hours of {time.accelerator} at an MFU of {time.mfu:g}"
    if time.gpus is None or time.days is None:
        return whole
    return f"{whole}: {time.gpus:,.0f} for {format_count(time.days)} days"


def _cost(cost: Cost) -> str:
    """Money has the currency of the price."""
    lost = "" if cost.want_of_data is None else f", of which missing data takes {format_count(cost.want_of_data)}"
    return f"{format_count(cost.run)}{lost}"


def _worth(row: Worth) -> str:
    added = f"{format_count(row.added_tokens)} tokens more"
    if row.share_gain is None:
        return added
    gain = f"{percent(row.share_gain)} of the compute ({percent(row.share_gain_low)} to {percent(row.share_gain_high)})"
    if row.money is None:
        return f"{added} gain {gain}"
    each = f"{row.break_even_per_million_tokens:.3g} a million tokens"
    return f"{added} gain {gain}: {format_count(row.money)}, {each}"


def _measured(row: RepeatsMeasured) -> str:
    law = "" if row.loss_rise_of_law is None else f"; by the law {percent(row.loss_rise_of_law)}"
    runs = "1 run" if row.runs == 1 else f"{row.runs} runs"
    return f"loss {percent(row.loss_rise)} higher ({run_size(row.params, row.tokens)}, {runs}){law}"
