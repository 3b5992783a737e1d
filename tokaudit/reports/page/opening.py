"""What the page of a plan begins with: the verdict, how certain it is, what to do, and the numbers to decide by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.bearing import NOT_SURE
from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_domains import are_alike, epochs_of, repeated, short_name
from tokaudit.reports.plan_steps import advised, to_do, uncertain_size, what_to_train, what_turns
from tokaudit.reports.plan_value_words import asked_for
from tokaudit.reports.plan_verdict import verdict_sentences

_SURE: Final = (
    "The laws with a vote agree, and so do at least 95 % of the draws of this law's constants, and the bounds of the"
    " supply."
)
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
        lead=[*lead, what_to_train(plan), *what_turns(plan), *asked_for(plan), *_notes(plan)],
        level=certainty.level if certainty else None,
        why=(f"Not sure: {certainty.why}." if certainty.why else _SURE) if certainty else "",
        to_do=list(_to_do(plan)),
        numbers=list(_numbers(plan)),
    )


def _notes(plan: Plan) -> Iterator[str]:
    """What else bears on the verdict; why it is not sure is said next to its certainty."""
    return (f"Note: {note}." for note in plan.notes if not note.startswith(NOT_SURE))


def _to_do(plan: Plan) -> Iterator[str]:
    """What to do, best first, each with what it brings."""
    found = advised(plan)
    for what, gain in found:
        yield f"{sentence(what)}{f' That is as good as {gain} times the compute.' if gain else ''}"
    if not found:
        yield from map(sentence, to_do(plan))


def sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return f"{text[0].upper()}{text[1:]}."


def _numbers(plan: Plan) -> Iterator[KeyNumber]:
    """The numbers of a plan to decide by; those that are not known are left out."""
    time = plan.hardware
    spent = f"FLOPs: {format_count(time.gpu_hours)} hours of {time.accelerator}" if time else "FLOPs to train the model"
    yield KeyNumber("Compute", format_power(plan.budget.flops), spent)
    has_supply = any(entry.tokens_unique for entry in plan.domains)
    yield from _run(plan, has_supply=has_supply)
    if has_supply:
        yield _most_repeated(plan)
    if (share := plan.compute_equivalent_share) is not None:
        given = " and the best size" if plan.budget.params and plan.budget.tokens else ""
        yield KeyNumber("Compute that counts", percent(share), f"of the budget would do, with unlimited data{given}")
    if factor := plan.flips_at.supply_factor:
        have = percent(1 / factor) if factor > 1 else f"{format_count(1 / factor)} times"
        yield KeyNumber("Data that you have", have, f"{'of ' if factor > 1 else ''}what this run needs, with repeats")


def _run(plan: Plan, *, has_supply: bool) -> Iterator[KeyNumber]:
    """The run as given, or the best one."""
    given = plan.budget
    if given.params and given.tokens:
        yield KeyNumber("The run", format_count(given.params), _on(given.tokens))
    elif uncertain := uncertain_size(plan):
        yield KeyNumber("Best run", uncertain.params, f"parameters ({uncertain.why})")
    elif plan.constrained:
        yield KeyNumber("Best run on this data", format_count(plan.constrained.params), _on(plan.constrained.tokens))
    elif plan.optimal:
        kind = f"Best run{' with unlimited data' if has_supply else ''}"
        yield KeyNumber(kind, format_count(plan.optimal.params), _on(plan.optimal.tokens))


def _most_repeated(plan: Plan) -> KeyNumber:
    there = repeated(plan)
    if not there:
        return KeyNumber("Most repeated", "No repeats", "every token is new")
    where = "in every domain" if are_alike(plan, there) else f"of {short_name(there[0].domain)}"
    by = ", by this law" if plan.far_beyond_data else ""
    return KeyNumber("Most repeated", f"{format_count(epochs_of(there[0]))} epochs", f"{where}{by}")


def _on(tokens: float) -> str:
    return f"parameters, on {format_count(tokens)} tokens"
