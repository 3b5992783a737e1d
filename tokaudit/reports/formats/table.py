"""Aligned text for people: wrapped at blanks on a terminal, and never where programs read it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.core.errors import printable
from tokaudit.core.units import format_number_of
from tokaudit.reports.console import Lines
from tokaudit.reports.for_reading import ForReading
from tokaudit.reports.layout import Column, lay_out, pair_lines
from tokaudit.reports.protocol import Report
from tokaudit.reports.wrap import terminal_width, wrap

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan

_WIDTH: Final = 120  # lists of explanations are wrapped to it, wherever they go

_MARKS: Final = {"red": re.compile(r"\[-.*?-\]", re.DOTALL), "green": re.compile(r"\{\+.*?\+\}", re.DOTALL)}
"""What differs between two texts: only in the first, only in the second."""


class AlignedText(ForReading):
    """Text for a person at a terminal."""

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write the plan: the verdict, the domains, the reasons, and what to know before using the numbers."""
        from tokaudit.reports.plan_words import domain_table, reasons, supply_details, verdict  # noqa: PLC0415 - few reports need it

        lines, width = Lines(stream), terminal_width(stream)
        for line in wrap(printable(verdict(plan)), width):
            lines.write(line, style="bold")
        if plan.domains:
            lines.write()
            self.rows(domain_table(plan), stream)
        lines.write()
        pairs = [(printable(name), printable(text), True) for name, text in reasons(plan)]
        for name, text in pair_lines(pairs, width):
            lines.write_pair(name, text)
        if plan.warnings:
            lines.write()
        for note in (*plan.warnings, *supply_details(plan.details, in_full=details)):
            self._paragraph(f"Note: {note}.", stream)
        return ()

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
        for paragraph in map(printable, text.split("\n")):
            for line in wrap(paragraph, width):
                lines.write(line)

    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        width = min(_WIDTH, terminal_width(stream) or _WIDTH)
        for line in map(printable, lines):
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
        for line in map(printable, lines):
            print("\n".join(wrap(f"  {line}", width, "    ")), file=stream)


REPORT: Final[Report] = AlignedText()
