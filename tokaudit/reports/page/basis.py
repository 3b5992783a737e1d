"""What a page rests on: the law, the numbers behind the verdict, where the supply comes from, and the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tokaudit import __version__
from tokaudit.core.units import format_count, format_number_of, format_power
from tokaudit.laws.protocol import LawMetadata
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.figure import Origin
from tokaudit.reports.plan_words import reasons

if TYPE_CHECKING:
    from tokaudit.audit.how_counted import CountedSource
    from tokaudit.audit.overview import Overview

WORDS: Final = (
    ("token", "A piece of text, about four characters of English. Models read, and are trained on, tokens."),
    ("unique tokens", "The tokens of a text without its duplicates and near-duplicates: what there is to learn from."),
    ("epoch", "One pass over the text. Two epochs mean that the model sees each token twice."),
    ("parameters", "The numbers that a model learns. More of them can learn more, and cost more to train and to run."),
    ("FLOPs", "Arithmetic operations of the training: 6 for each parameter and token. They stand for money and time."),
    (
        "loss, in nats",
        "How badly the model predicts the next token. Lower is better; 0.01 nats is much for a large run.",
    ),
    (
        "scaling law",
        "A formula, fitted on many training runs, for the loss at a given number of parameters and tokens.",
    ),
    ("data is the constraint", "More unique text would help more than the same effort spent on compute or on size."),
    (
        "compute that counts (compute equivalent share)",
        "The budget that would reach the same loss with unlimited text and the best size, as a share of this budget.",
    ),
    (
        "enough, repeat, strained, exhausted",
        "Verdicts on a domain: the run uses it at most once, up to 4 times, up to 16 times, or more often.",
    ),
    ("effective tokens", "The new tokens that would do as much as the tokens with their repeats."),
    ("loose", "A domain that stands for a wider category of the mixture, so it alone decides nothing."),
)
"""Words of the page for readers who know no scaling law."""

_DUPLICATES: Final = (
    "exact duplicates; near-duplicates with a Jaccard similarity of 0.8 or more between sets of five"
    " words, found by MinHash and verified; each domain without its own duplicates"
)
LEVELS: Final = (
    "Sure: at least 95 % of the draws of the law's constants, all laws with a vote, and bounds of the supply agree.",
    "Likely: at least 80 % of the draws and 75 % of the laws with a vote agree.",
    "Undecided: fewer agree.",
    "Of the laws that were fitted on the same runs, the newest has a vote. Superseded laws are shown without one.",
)
"""How certain a verdict is, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A part of what the page rests on.

    Attributes:
        title: what the part is about.
        entries: what each is, and its value.
        items: sentences.
        made_by: what made the page.
    """

    title: str
    entries: Sequence[tuple[str, str]] = ()
    items: Sequence[str] = ()
    made_by: Sequence[Origin] = ()


def basis(made: MadePlan | None, overview: "Overview | None") -> list[Basis]:
    """The parts, for a page of a plan and of what was counted; None: it is not on the page."""
    of_plan = _of_plan(made) if made else ()
    of_text = _of_text(overview) if overview else ()
    return [Basis("The words", WORDS), *of_plan, *of_text, _versions(made)]


def _of_plan(made: MadePlan) -> Iterator[Basis]:
    plan = made.plan
    if plan.warnings:
        yield Basis("What bears on the verdict", items=[f"{each[0].upper()}{each[1:]}." for each in plan.warnings])
    yield Basis("The numbers behind the verdict", list(reasons(plan)))
    yield Basis("The scaling law", [("name", plan.law), *_law(made)])
    yield Basis("Where the supply comes from", _supply(made), plan.details)
    if plan.certainty:
        yield Basis("How certain a verdict is", items=LEVELS)


def _law(made: MadePlan) -> Iterator[tuple[str, str]]:
    law, request = made.request.law, made.request
    metadata = law.metadata
    if metadata.about:
        yield "what it is", metadata.about
    yield "source", metadata.source
    yield "constants", ", ".join(f"{name} = {value:.6g}" for name, value in law.constants.items())
    if request.draws:
        yield "draws of them", f"{len(next(iter(request.draws.values()))):,}, drawn together"
    yield "counts", f"{metadata.params_counted} parameters, and tokens of {metadata.tokenizer}"
    yield "fitted on", metadata.corpus
    yield from _fitted(metadata)


def _fitted(metadata: LawMetadata) -> Iterator[tuple[str, str]]:
    """The ranges of the runs that the law was fitted on."""
    valid = metadata.valid
    for name, known, words in (
        ("FLOPs", valid.flops, format_power),
        ("parameters", valid.params, format_count),
        ("tokens", valid.tokens, format_count),
    ):
        if known:
            yield f"fitted {name}", f"{words(known[0])} to {words(known[1])}"


def _supply(made: MadePlan) -> list[tuple[str, str]]:
    tokenizer = made.plan.supply_tokenizer or "not named, so the numbers are taken as the law's tokens"
    return [("origin", made.plan.supply_origin), ("tokenizer", tokenizer)]


def _of_text(overview: "Overview") -> Iterator[Basis]:
    tokenizer = [
        ("tokenizer", f"{overview.tokenizer} (vocabulary with SHA-256 {overview.vocabulary_sha256})"),
        ("counted by", overview.counter),
        ("duplicates", _DUPLICATES),
        ("check sums", f"cover all but {format_number_of(overview.checked.unchecked, 'file')}"),
    ]
    yield Basis("How the text was counted", tokenizer, [f"{each[0].upper()}{each[1:]}." for each in overview.notes])
    again = [Origin("command", "\n".join(source.command for source in overview.counted))]
    yield Basis("The sources", list(map(_source, overview.counted)), made_by=again)


def _source(source: "CountedSource") -> tuple[str, str]:
    parts = [f"domain {source.domain}", f"counted by tokaudit {' and '.join(source.versions)}"]
    parts.append(f"cleaning: {', '.join(source.steps) or 'none'}")
    if source.extractors:
        parts.append(f"text of pages by {', '.join(source.extractors)}")
    return source.source, "; ".join(parts)


def _versions(made: MadePlan | None) -> Basis:
    made_by = [Origin("command", made.command)] if made else []
    return Basis("How to make it again", [("tokaudit", __version__)], made_by=made_by)
