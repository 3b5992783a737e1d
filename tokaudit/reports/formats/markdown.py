"""Markdown: tables, and a plan as a document with headings."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.core.printable import printable
from tokaudit.reports.cells import shown
from tokaudit.reports.for_reading import ForReading
from tokaudit.reports.layout import Column
from tokaudit.reports.markdown_text import plain, table_lines
from tokaudit.reports.protocol import Report
from tokaudit.reports.readable import readable
from tokaudit.reports.wrap import GLUE

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan


_BAR: Final = r"\|"
_BREAK: Final = "<br>"


class Markdown(ForReading):
    """A document for people, in the order in which they read it."""

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:  # noqa: ARG002 - there is room
        """Write the plan as one page: the sentences, the domains, notes, and the numbers behind, folded."""
        from tokaudit.reports.plan_page import page  # noqa: PLC0415 - few reports need it

        found = page(plan)
        first, *others = found.sentences
        lines = ["# Is data the constraint?", "", f"**{plain(first)}**", ""]
        lines += [f"- {plain(sentence)}" for sentence in (*others, *found.asked)]
        if found.table:
            lines += ["", *table_lines(found.table)]
        if found.rest:
            lines += ["", _BREAK.join(map(plain, found.rest))]
        if found.notes:
            lines += ["", *(f"- Note: {plain(note)}." for note in found.notes)]
        lines += ["", "<details><summary>The numbers behind</summary>", ""]
        lines += [_BREAK.join(block) for block in _behind(plan)]
        print("\n".join([*lines, "</details>"]), file=stream)
        return ()

    def _table(self, columns: Sequence[Column], keep: Sequence[str], stream: TextIO) -> None:  # noqa: ARG002 - there is room
        print(_line([column.name for column in columns]), f"|{'---|' * len(columns)}", sep="\n", file=stream)
        for cells in zip(*(column.cells for column in columns), strict=True):
            print(_line(cells), file=stream)

    def _difference(self, places: str, stream: TextIO) -> None:
        for place in map(printable, places.splitlines()):
            print(f"\n    {place}", file=stream)

    def _paragraph(self, text: str, stream: TextIO) -> None:
        print("\n".join(map(readable, text.split("\n"))), file=stream)

    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        print("\n".join(f"* {readable(line)}" for line in lines), file=stream)

    def _heading(self, text: str) -> str:
        return f"## {text}"

    def _items(self, lines: Sequence[str], stream: TextIO) -> None:
        print("\n".join(f"- {line}" for line in lines).replace(GLUE, " "), file=stream)


def _behind(plan: "Plan") -> Iterator[list[str]]:
    """The numbers, verdicts of other laws and mixtures, warnings, and the sources of the supply, each with a heading.

    Each is a paragraph, and an empty one follows it.
    """
    from tokaudit.reports.plan_words import reasons, tables  # noqa: PLC0415 - few reports need it

    blocks = [[f"{plain(name)}: {plain(value)}" for name, value in reasons(plan)]]
    for table in tables(plan):
        columns = shown(table)
        cells = zip(*(column.cells for column in columns), strict=True)
        names = plain(", ".join(column.name for column in columns))
        blocks.append([f"**{names}**", *(plain(", ".join(row)) for row in cells)])
    if plan.warnings:
        blocks.append(["**Notes**", *(f"{plain(note)}." for note in plan.warnings)])
    if plan.details:
        blocks.append(["**How the supply is known**", *(f"{plain(detail)}." for detail in plan.details)])
    for block in blocks:
        yield from (block, [])


def _line(cells: Sequence[str]) -> str:
    """A row whose cells contain Markdown or plain words; only a bar would end a cell."""
    return f"| {' | '.join(cell.replace('|', _BAR) for cell in cells)} |"


REPORT: Final[Report] = Markdown()
