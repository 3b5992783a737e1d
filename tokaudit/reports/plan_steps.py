"""What follows from a plan: what to train, what to do, and what would turn the verdict."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.intervals import is_wide
from tokaudit.planning.plan import Constrained, Plan
from tokaudit.planning.plan_value import Advice, GpuTime
from tokaudit.planning.verdicts import MANY_EPOCHS
from tokaudit.reports.plan_domains import are_alike, epochs_of, listed, repeated, short_name, used_up
from tokaudit.reports.units_words import tokens_per_parameter

if TYPE_CHECKING:
    from tokaudit.planning.plan_certainty import OptimumInterval

_MOST_ADVICE: Final = 3
_MOST_NAMES: Final = 3
_LEAST_GAIN: Final = 1.05


def steps(plan: Plan) -> Iterator[str]:
    """What to train, what to do, and what would turn the verdict: one line each."""
    yield what_to_train(plan)
    yield _do(plan)
    yield from what_turns(plan)


def what_to_train(plan: Plan) -> str:
    """The run as given or the best one, and how often it repeats what the verdict does not name."""
    return " ".join(_train(plan))


def _train(plan: Plan) -> Iterator[str]:
    time = f": {_time(plan.hardware)}" if plan.hardware and plan.hardware.gpus and plan.hardware.days else ""
    if plan.budget.params and plan.budget.tokens:
        run = f"{format_count(plan.budget.params)} parameters on {format_count(plan.budget.tokens)} tokens"
        each = tokens_per_parameter(plan.budget.params, plan.budget.tokens)
        yield f"The run: {run} ({each}), {format_power(plan.budget.flops)} FLOPs{time}."
        if plan.cause and plan.optimal and not any(each.do.startswith("train") for each in plan.advice):
            yield f"Best for these FLOPs: {_best(plan)}."
    elif plan.loss and not plan.constrained and any(entry.tokens_unique for entry in plan.domains):
        yield f"No size is advised: the best known run repeats its data more than {MANY_EPOCHS} times."
    else:
        yield f"Train {_best(plan)}{time}."
    yield from _repeats(plan)


def _best(plan: Plan) -> str:
    """The best run; a range where a point would say more than is known."""
    if uncertain := uncertain_size(plan):
        return uncertain.words
    best = plan.constrained or plan.optimal
    assert best is not None
    run = f"{format_count(best.params)} parameters on {format_count(best.tokens)} tokens"
    return f"{run} ({tokens_per_parameter(best.params, best.tokens)})"


@dataclass(frozen=True, slots=True)
class UncertainSize:
    """The size of the best run, where a point would say more than is known.

    Attributes:
        params, tokens: ``25.5M to 846M``.
        why: why it is not known better, in a few words.
    """

    params: str
    tokens: str
    why: str

    @property
    def words(self) -> str:
        """``25.5M to 846M parameters on 15.6B to 517B tokens (sources disagree)``."""
        return f"{self.params} parameters on {self.tokens} tokens ({self.why})"


def uncertain_size(plan: Plan) -> UncertainSize | None:
    """The range of the best run, whether or not a run is given; None if a point can be named."""
    known: Constrained | OptimumInterval
    if plan.far_beyond_data and plan.constrained:
        known, why = plan.constrained, "sources disagree"
    elif plan.interval and is_wide(plan.interval):
        known, why = plan.interval, "the law is no more certain"
    else:
        return None
    params, tokens = _between(known.params_low, known.params_high), _between(known.tokens_low, known.tokens_high)
    return UncertainSize(params, tokens, why)


def _between(low: float, high: float) -> str:
    return f"{format_count(low)} to {format_count(high)}"


def _time(time: GpuTime) -> str:
    return f"{format_count(time.days)} days on {time.gpus:,.0f} {time.accelerator}"


def _repeats(plan: Plan) -> Iterator[str]:
    """How often each domain repeats that the verdict does not name."""
    told = {entry.domain for entry in used_up(plan)}
    if plan.constraint is None:
        told = set()
    elif not told and plan.constraint == "data" and plan.cause != "allocation":
        return  # the verdict names them
    others = [entry for entry in repeated(plan) if entry.domain not in told]
    if are_alike(plan, others):
        yield f"Epochs: {format_count(epochs_of(others[0]))} in every domain."
    elif others:
        shown = [f"{short_name(each.domain)} {format_count(epochs_of(each))}" for each in others[:_MOST_NAMES]]
        yield f"Epochs: {listed(shown, len(others[_MOST_NAMES:]))}."


def _do(plan: Plan) -> str:
    """The best advice, ranked."""
    found = to_do(plan)
    if not found:
        return "To do: nothing known helps this run by 1 % of the compute."
    numbered = [f"{place}. {text}" for place, text in enumerate(found, 1)] if len(found) > 1 else found
    return f"To do: {'; '.join(numbered)}."


def to_do(plan: Plan) -> list[str]:
    """What to do, best first, each without a capital and a full stop; empty if nothing known helps."""
    found = [f"{what}{_gain(gain, place)}" for place, (what, gain) in enumerate(advised(plan))]
    return found or list(_otherwise(plan))


def advised(plan: Plan) -> list[tuple[str, str]]:
    """The advice, best first, and what each brings as a factor on the compute; small gains only if no others are there.

    The factor is empty if it is not known. Neither has a full stop.
    """
    if plan.budget.params_total is not None or plan.constraint is None:
        return []
    now = plan.compute_equivalent_share
    large = [each for each in plan.advice if now and each.compute_equivalent_share / now >= _LEAST_GAIN] or plan.advice
    gains = [format_count(each.compute_equivalent_share / now) if now else "" for each in large[:_MOST_ADVICE]]
    return [(_do_this(each), gain) for each, gain in zip(large, gains, strict=False)]


def _gain(factor: str, place: int) -> str:
    """The first gain in words, the others in short; empty if it is not known."""
    return (f" (as good as {factor} times the compute)" if place == 0 else f" ({factor} times)") if factor else ""


def _otherwise(plan: Plan) -> Iterator[str]:
    """What to do where no advice has a number."""
    if plan.budget.params_total is not None:
        yield "fit a law on runs of your own architecture (`tokaudit guide fitting`)"
    elif plan.constraint is None:
        yield "give a supply, such as the published corpora; then there is a verdict"
    else:
        yield from _fallback(plan)


def _do_this(advice: Advice) -> str:
    """What to do, in few words."""
    if advice.domain and advice.tokens:
        return f"get {format_count(advice.tokens)} more unique tokens of {short_name(advice.domain)}"
    return advice.do if advice.free else advice.do.partition(", ")[0]


def _fallback(plan: Plan) -> Iterator[str]:
    """What follows from the verdict of a law without a loss."""
    if plan.compute_equivalent_share is not None or plan.optimal is None:
        return
    if plan.constraint == "compute":
        yield "get more compute; the data is enough"
    if plan.cause in {"supply", "both", "mixture"}:
        for entry in [each for each in repeated(plan) if not each.loose][:2]:
            missing = entry.tokens_needed - (entry.tokens_unique or 0)
            if missing > 0:
                yield f"get {format_count(missing)} more unique tokens of {short_name(entry.domain)}, for one epoch"
    if plan.cause in {"allocation", "both"}:
        yield f"train {_best(plan)} with the same compute"


def what_turns(plan: Plan) -> Iterator[str]:
    """What would turn the verdict, from what there is to what is needed."""
    if plan.constraint is None:
        return
    if plan.far_beyond_data:
        yield _far(plan)
        return
    factor, flops = plan.flips_at.supply_factor, plan.flips_at.flops
    parts = []
    if factor:
        have = f"{percent(1 / factor)} of" if factor > 1 else f"{format_count(1 / factor)} times"
        parts.append(f"You have {have} the data that this run needs, repeats included.")
    if flops and plan.constraint == "data":
        parts.append(f"Data is enough up to {format_power(flops)} FLOPs.")
    elif flops:
        parts.append(f"Data becomes the constraint above {format_power(flops)} FLOPs.")
    if plan.constraint == "model" or plan.cause == "allocation":
        parts.append("Only another split between parameters and tokens turns this verdict.")
    yield " ".join(parts) or "Neither more data nor another budget turns this verdict."


def _far(plan: Plan) -> str:
    once = f"Every token is new up to {format_power(plan.ceiling.flops_one_epoch)} FLOPs. " if plan.ceiling else ""
    if plan.constraint == "data" and plan.cause != "allocation":
        return f"{once}Beyond {MANY_EPOCHS} epochs, sources disagree, so no number says where this turns."
    return f"{once}The best run on this data repeats it more than {MANY_EPOCHS} times, where sources disagree."
