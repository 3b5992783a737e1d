"""Markdown: tables, and a plan as a document with headings."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.core.errors import printable
from tokaudit.reports.cells import shown
from tokaudit.reports.for_reading import ForReading
from tokaudit.reports.layout import Column
from tokaudit.reports.protocol import Report
from tokaudit.reports.wrap import GLUE

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan


_BAR: Final = r"\|"


class Markdown(ForReading):
    """A document for people, in the order in which they read it."""

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:  # noqa: ARG002 - there is room
        """Write the plan: the verdict, the domains, the reasons, the warnings, and how the supply is known."""
        from tokaudit.reports.plan_words import domain_table, reasons, verdict  # noqa: PLC0415 - few reports need it

        lines = ["# Is data the constraint?", "", f"**{_plain(verdict(plan))}**"]
        if plan.domains:
            columns = shown(domain_table(plan))
            alignment = ("---:" if column.right else "---" for column in columns)
            lines += ["", "## Domains", "", _row([column.name for column in columns]), f"|{'|'.join(alignment)}|"]
            lines += map(_row, zip(*(column.cells for column in columns), strict=True))
        lines += ["", "## Why", "", *(f"- {_plain(name)}: {_plain(value)}" for name, value in reasons(plan))]
        lines += _list("Before you use these numbers", plan.warnings)
        lines += _list("How the supply is known", plan.details)
        print("\n".join(lines), file=stream)
        return ()

    def _table(self, columns: Sequence[Column], keep: Sequence[str], stream: TextIO) -> None:  # noqa: ARG002 - there is room
        print(_line([column.name for column in columns]), f"|{'---|' * len(columns)}", sep="\n", file=stream)
        for cells in zip(*(column.cells for column in columns), strict=True):
            print(_line(cells), file=stream)

    def _difference(self, places: str, stream: TextIO) -> None:
        for place in map(printable, places.splitlines()):
            print(f"\n    {place}", file=stream)

    def _paragraph(self, text: str, stream: TextIO) -> None:
        print("\n".join(map(printable, text.split("\n"))), file=stream)

    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        print("\n".join(f"* {printable(line)}" for line in lines), file=stream)

    def _heading(self, text: str) -> str:
        return f"## {text}"

    def _items(self, lines: Sequence[str], stream: TextIO) -> None:
        print("\n".join(f"- {line}" for line in lines).replace(GLUE, " "), file=stream)


def _list(heading: str, lines: Iterable[str]) -> list[str]:
    items = [f"- {_plain(line)}." for line in lines]
    return ["", f"## {heading}", "", *items] if items else []


def _line(cells: Sequence[str]) -> str:
    """A row whose cells contain Markdown or plain words; only a bar would end a cell."""
    return f"| {' | '.join(cell.replace('|', _BAR) for cell in cells)} |"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: users choose names, and R_D* would turn italic."""
    for mark in ("\\", "|", "*", "_", "`", "<", "[", "#"):
        text = text.replace(mark, f"\\{mark}")
    return printable(" ".join(text.split()))


REPORT: Final[Report] = Markdown()
