"""A plan on one screen: a few sentences, the domains that matter, and what bears on the verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.units import format_count, format_number_of
from tokaudit.planning.plan import Plan
from tokaudit.planning.plan_mixture import StagePlan
from tokaudit.reports.cells import shown
from tokaudit.reports.layout import lay_out
from tokaudit.reports.plan_domains import listed, short_name, short_table
from tokaudit.reports.plan_steps import steps
from tokaudit.reports.plan_value_words import asked_for
from tokaudit.reports.plan_verdict import verdict
from tokaudit.reports.protocol import Table
from tokaudit.reports.readable import readable
from tokaudit.reports.wrap import wrap

LINES: Final = 20
"""The most lines of a plan."""
WIDTH: Final = 80
"""The columns at which they are counted."""
_MOST_NOTES: Final = 3
_MOST_ROWS: Final = 8
_MOST_STAGES: Final = 3
_LINES_OF_A_NOTE: Final = 2


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a plan on one screen, in order.

    Attributes:
        sentences: the verdict, what to train, what to do, and what would turn the verdict: one line each.
        asked: answers to further options.
        table: the domains that matter; None: there is no room, or there are no domains.
        rest: the other domains, in lines.
        notes: what bears on the verdict, without full stops.
        closing: what the plan rests on, and where the rest is.
    """

    sentences: Sequence[str]
    asked: Sequence[str]
    table: Table | None
    rest: Sequence[str]
    notes: Sequence[str]
    closing: str


def page(plan: Plan) -> Page:
    """The plan within `LINES` lines of `WIDTH` columns; notes, then rows of the table give way."""
    sentences = [verdict(plan), *steps(plan)]
    asked = [*asked_for(plan), *_stages(plan.stages or ())]
    closing = _closing(plan)
    while asked and _height([*sentences, *asked, closing]) + 1 > LINES:
        asked.pop()
    room = LINES - _height([*sentences, *asked, closing]) - 2  # empty lines before the table and the notes
    notes = []
    for note in plan.notes[:_MOST_NOTES]:
        height = _height([f"Note: {note}."])
        if height <= _LINES_OF_A_NOTE and room - height >= _least_table(plan):
            notes.append(note)
            room -= height
    table, rest = _domains(plan, room)
    return Page(sentences, asked, table, rest, notes, closing)


def _least_table(plan: Plan) -> int:
    """Lines for the table with its heading, one row, and what is left out."""
    return 4 if plan.domains else 0


def _domains(plan: Plan, room: int) -> tuple[Table | None, Sequence[str]]:
    """As many domains as there is room for."""
    for rows in range(min(_MOST_ROWS, len(plan.domains)), 0, -1):
        table, rest = short_table(plan, rows)
        found = lay_out(shown(table), WIDTH, table.people.keep)
        if len(found.head) + len(found.body) + _height(rest) <= room and not found.left_out:
            return table, rest
    return None, ()


def _height(texts: Sequence[str]) -> int:
    """The lines of texts at `WIDTH`."""
    return sum(len(wrap(readable(text), WIDTH)) for text in texts)


def _stages(stages: Sequence[StagePlan]) -> Iterator[str]:
    """The stages in one line, each with its most repeated domain."""
    if stages:
        each = [_stage(stage) for stage in stages[:_MOST_STAGES]]
        yield f"Stages: {listed(each, len(stages[_MOST_STAGES:]))}."


def _stage(stage: StagePlan) -> str:
    most = ""
    if stage.epochs:
        domain, epochs = max(stage.epochs.items(), key=lambda pair: pair[1])
        most = f" ({short_name(domain)} {format_count(epochs)} epochs)"
    return f"{short_name(stage.stage)} {format_count(stage.tokens)} tokens{most}"


def basis(plan: Plan) -> str:
    """What a plan rests on: the law, and where the supply's numbers come from."""
    return f"Law: {plan.law}. Supply: {_origin(plan)}."


def _closing(plan: Plan) -> str:
    count = len(plan.warnings)
    more = f" and {format_number_of(count, 'note')}" if count else ""
    return f"{basis(plan)} -v shows the numbers behind{more}."


def _origin(plan: Plan) -> str:
    """Where the supply's numbers come from; a long list of corpora is cut."""
    text = plan.supply_origin.replace(": ", ", ", 1)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
