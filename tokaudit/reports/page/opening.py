"""What a page begins with: the verdict, how certain it is, what to do, and the numbers to decide by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_domains import epochs_of, repeated, short_name
from tokaudit.reports.plan_steps import to_do, what_to_train, what_turns
from tokaudit.reports.plan_value_words import asked_for
from tokaudit.reports.plan_verdict import verdict_sentences

_SURE: Final = "All laws that are asked agree, and so do at least 95 % of the draws of this law's constants."
"""Why a verdict is sure; what makes it less than that is said by the plan."""


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A number to decide by.

    Attributes:
        name: what it is.
        value: the number in few characters.
        note: what of, in half a sentence.
    """

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of a page.

    Attributes:
        headline: the verdict, or what was counted, as one sentence.
        lead: further sentences.
        level: how certain the verdict is, in one word; None: there is no verdict.
        why: what makes it so certain or uncertain, as a sentence.
        to_do: what to do, best first, as sentences.
        numbers: what to decide by.
    """

    headline: str
    lead: Sequence[str]
    level: str | None
    why: str
    to_do: Sequence[str]
    numbers: Sequence[KeyNumber]


def of_plan(plan: Plan) -> Opening:
    """The beginning of the page of a plan."""
    headline, *lead = verdict_sentences(plan)
    certainty = plan.certainty
    return Opening(
        headline=headline,
        lead=[*lead, what_to_train(plan), *what_turns(plan), *asked_for(plan)],
        level=certainty.level if certainty else None,
        why=(f"{_sentence(certainty.why)}" if certainty.why else _SURE) if certainty else "",
        to_do=[_sentence(each) for each in to_do(plan)],
        numbers=list(_numbers(plan)),
    )


def _sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def _numbers(plan: Plan) -> Iterator[KeyNumber]:
    """The numbers of a plan to decide by; those that are not known are left out."""
    time = plan.hardware
    spent = f"{format_count(time.gpu_hours)} hours of {time.accelerator}" if time else "to train the model"
    yield KeyNumber("Compute", f"{format_power(plan.budget.flops)} FLOPs", spent)
    if plan.budget.params and plan.budget.tokens:
        yield KeyNumber("The run", f"{format_count(plan.budget.params)} parameters", _on(plan.budget.tokens))
    elif best := plan.constrained or plan.optimal:
        kind = "Best run on this data" if plan.constrained else "Best run"
        yield KeyNumber(kind, f"{format_count(best.params)} parameters", _on(best.tokens))
    if any(entry.tokens_unique for entry in plan.domains):
        most = next(iter(repeated(plan)), None)
        value = f"{format_count(epochs_of(most))} epochs" if most else "No repeats"
        yield KeyNumber("Most repeated", value, short_name(most.domain) if most else "every token is new")
    if (share := plan.compute_equivalent_share) is not None:
        yield KeyNumber("Compute that counts", percent(share), "the loss is that of so much with unlimited data")
    if factor := plan.flips_at.supply_factor:
        have = percent(1 / factor) if factor > 1 else f"{format_count(1 / factor)} times"
        yield KeyNumber("Data that you have", have, f"{'of ' if factor > 1 else ''}what this run needs")


def _on(tokens: float) -> str:
    return f"on {format_count(tokens)} tokens"
