"""Aligned text for a terminal; lines fold there alone, and never where programs read them."""

import shutil
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, TextIO

from rich.table import Table as Grid
from rich.text import Text

from tokaudit.core.errors import printable
from tokaudit.core.rows import Row
from tokaudit.reports.cells import cell
from tokaudit.reports.console import terminal_console
from tokaudit.reports.for_reading import ForReading
from tokaudit.reports.protocol import Report

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan

_FEW_ROWS: Final = 8
_WIDTH: Final = 120  # lists of explanations are folded to it, wherever they go


class AlignedText(ForReading):
    """What a person at a terminal looks at."""

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write the plan: the verdict, the domains, why, and what to know before using the numbers."""
        from tokaudit.reports.plan_words import DOMAIN_COLUMNS, domain_rows, reasons, supply_details, verdict  # noqa: PLC0415 - most reports are no plans

        console = terminal_console(stream)
        console.print(Text(verdict(plan), style="bold"))
        if plan.domains:
            grid = Grid(box=None, pad_edge=False, header_style="bold")
            for column in DOMAIN_COLUMNS:
                grid.add_column(column, justify="left" if column in {"domain", "verdict"} else "right")
            for row in domain_rows(plan):
                grid.add_row(*map(Text, row))
            console.print()
            console.print(grid)
        why = Grid(box=None, pad_edge=False, show_header=False)
        for name, value in reasons(plan):
            why.add_row(Text(name, style="dim"), Text(value))
        console.print()
        console.print(why)
        if plan.warnings:
            console.print()
        for note in (*plan.warnings, *supply_details(plan.details, in_full=details)):
            console.print(Text(f"Note: {note}."))
        return ()

    def _table(self, columns: Sequence[str], rows: Sequence[Row], stream: TextIO) -> None:
        console = terminal_console(stream)
        if len(rows) <= _FEW_ROWS and _numbers_width(rows, columns) > console.width:
            # None of the numbers may be folded: the rows are shown as columns.
            turned: list[Row] = [
                {"": column, **{str(i): row.get(column) for i, row in enumerate(rows)}} for column in columns
            ]
            console.print(_grid(turned, ["", *map(str, range(len(rows)))], wrap=True, header=False))
        else:
            console.print(_grid(rows, columns, wrap=stream.isatty()))

    def _paragraph(self, text: str, stream: TextIO) -> None:
        terminal_console(stream).print(Text(text))

    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 1)).columns)
        for line in map(printable, lines):
            print(textwrap.fill(line, width, subsequent_indent="  ", break_on_hyphens=False), file=stream)

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
        for line in lines:
            terminal_console(stream).print(f"  {line}", markup=False)


def _numbers_width(rows: Sequence[Row], columns: Sequence[str]) -> int:
    """Characters that the columns with numbers take side by side, and a little for each of the others."""
    width = 0
    for column in columns:
        values = [row.get(column) for row in rows]
        numeric = any(isinstance(value, (int, float)) for value in values)
        width += 2 + (max(len(column), *(len(cell(value, column)) for value in values)) if numeric else 8)
    return width


def _grid(rows: Sequence[Row], columns: Sequence[str], *, wrap: bool, header: bool = True) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="bold", show_header=header)
    for column in columns:
        numeric = any(isinstance(row.get(column), (int, float)) for row in rows)
        justify: Literal["left", "right"] = "right" if numeric else "left"
        grid.add_column(column, justify=justify, no_wrap=numeric or not wrap, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell(row.get(column), column)) for column in columns))
    return grid


REPORT: Final[Report] = AlignedText()
