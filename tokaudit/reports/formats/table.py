"""Aligned text for people: wrapped at blanks on a terminal, and never where programs read it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.core.printable import printable
from tokaudit.core.units import format_number_of
from tokaudit.reports.console import Lines
from tokaudit.reports.for_reading import ForReading
from tokaudit.reports.layout import Column, lay_out, pair_lines
from tokaudit.reports.protocol import Report
from tokaudit.reports.readable import readable
from tokaudit.reports.wrap import terminal_width, wrap

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan

_WIDTH: Final = 120  # lists of explanations are wrapped to it, wherever they go

_MARKS: Final = {"red": re.compile(r"\[-.*?-\]", re.DOTALL), "green": re.compile(r"\{\+.*?\+\}", re.DOTALL)}
"""What differs between two texts: only in the first, only in the second."""


class AlignedText(ForReading):
    """Text for a person at a terminal."""

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write the plan on one screen; with details, also all domains, the numbers behind and all warnings."""
        from tokaudit.reports.plan_page import page  # noqa: PLC0415 - few reports need it

        lines, width, found = Lines(stream), terminal_width(stream), page(plan)
        for place, sentence in enumerate(found.sentences):
            for line in wrap(readable(sentence), width):
                lines.write(line, style="" if place else "bold")
        for sentence in found.asked:
            self._paragraph(sentence, stream)
        if details:
            self._behind(plan, stream)
            return ()
        if found.table:
            lines.write()
            self.rows(found.table, stream)
        for line in found.rest:
            self._paragraph(line, stream)
        lines.write()
        for note in found.notes:
            self._paragraph(f"Note: {note}.", stream)
        self._paragraph(found.closing, stream)
        return ()

    def _behind(self, plan: "Plan", stream: TextIO) -> None:
        """Write everything that a plan rests on."""
        from tokaudit.reports.plan_domains import domain_table  # noqa: PLC0415 - few reports need it
        from tokaudit.reports.plan_words import reasons, tables  # noqa: PLC0415 - likewise

        lines, width = Lines(stream), terminal_width(stream)
        if plan.domains:
            lines.write()
            self.rows(domain_table(plan), stream)
        lines.write()
        pairs = [(readable(name), readable(text), True) for name, text in reasons(plan)]
        for name, text in pair_lines(pairs, width):
            lines.write_pair(name, text)
        for table in tables(plan):
            lines.write()
            self.rows(table, stream)
        if plan.warnings or plan.details:
            lines.write()
        for note in plan.warnings:
            self._paragraph(f"Note: {note}.", stream)
        for detail in plan.details:
            self._paragraph(f"Supply: {detail}.", stream)

    def _table(self, columns: Sequence[Column], keep: Sequence[str], stream: TextIO) -> None:
        lines, width = Lines(stream), terminal_width(stream)
        found = lay_out(columns, width, keep)
        for line in found.head:
            lines.write(line, style="bold")
        for line in found.body:
            lines.write(line)
        if found.left_out:
            count = format_number_of(len(found.left_out), "column")
            left_out = f"{count} left out at this width: {', '.join(found.left_out)}"
            lines.write()
            for line in wrap(f"{left_out}; --format json has all", width):
                lines.write(line, style="dim")

    def _difference(self, places: str, stream: TextIO) -> None:
        lines, width = Lines(stream), terminal_width(stream)
        for place in map(printable, places.splitlines()):
            lines.write_marked("\n".join(wrap(f"  {place}", width, "  ")), _MARKS)

    def _paragraph(self, text: str, stream: TextIO) -> None:
        lines, width = Lines(stream), terminal_width(stream)
        for paragraph in map(readable, text.split("\n")):
            for line in wrap(paragraph, width):
                lines.write(line)

    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        width = min(_WIDTH, terminal_width(stream) or _WIDTH)
        for line in map(readable, lines):
            print("\n".join(wrap(line, width, "  ")), file=stream)

    def chapter(self, topic: str, text: str, stream: TextIO) -> Sequence[str]:
        """Write a chapter of the guide: rendered on a terminal, elsewhere as Markdown."""
        from tokaudit.reports.rendered import print_markdown  # noqa: PLC0415 - rich takes a while to load for it

        if not stream.isatty():
            return super().chapter(topic, text, stream)
        print_markdown(text, stream)
        return ()

    def _heading(self, text: str) -> str:
        return text

    def _items(self, lines: Sequence[str], stream: TextIO) -> None:
        width = terminal_width(stream)
        for line in map(readable, lines):
            print("\n".join(wrap(f"  {line}", width, "    ")), file=stream)


REPORT: Final[Report] = AlignedText()
