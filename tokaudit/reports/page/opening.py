"""What the page of a plan begins with: the verdict, how certain it is, what to do, and the numbers to decide by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.units import format_count, format_power, percent
from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_domains import are_alike, epochs_of, repeated, short_name
from tokaudit.reports.plan_steps import advised, to_do, what_to_train, what_turns
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
        why=(f"Not sure: {certainty.why}." if certainty.why else _SURE) if certainty else "",
        to_do=list(_to_do(plan)),
        numbers=list(_numbers(plan)),
    )


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
        yield KeyNumber("Compute that counts", percent(share), "of the budget would do, with unlimited data")
    if factor := plan.flips_at.supply_factor:
        have = percent(1 / factor) if factor > 1 else f"{format_count(1 / factor)} times"
        yield KeyNumber("Data that you have", have, f"{'of ' if factor > 1 else ''}what this run needs")


def _run(plan: Plan, *, has_supply: bool) -> Iterator[KeyNumber]:
    """The run as given, or the best one."""
    given = plan.budget
    if given.params and given.tokens:
        yield KeyNumber("The run", format_count(given.params), _on(given.tokens))
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
    return KeyNumber("Most repeated", f"{format_count(epochs_of(there[0]))} epochs", where)


def _on(tokens: float) -> str:
    return f"parameters, on {format_count(tokens)} tokens"
