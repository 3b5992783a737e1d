"""Markdown: tables, and a plan as a document with headings."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.core.errors import printable
from tokaudit.core.rows import Row
from tokaudit.reports.cells import cell
from tokaudit.reports.for_reading import ForReading
from tokaudit.reports.protocol import Report

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan


class Markdown(ForReading):
    """What a document can hold, in the order in which people read it."""

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:  # noqa: ARG002 - there is room
        """Write the plan: the verdict, the domains, why, what to know, and how the supply is known."""
        from tokaudit.reports.plan_words import DOMAIN_COLUMNS, domain_rows, reasons, verdict  # noqa: PLC0415 - most reports are no plans

        lines = ["# Is data the constraint?", "", f"**{_plain(verdict(plan))}**"]
        if plan.domains:
            alignment = ("---" if column in {"domain", "verdict"} else "---:" for column in DOMAIN_COLUMNS)
            lines += ["", "## Domains", "", _row(DOMAIN_COLUMNS), f"|{'|'.join(alignment)}|"]
            lines += map(_row, domain_rows(plan))
        lines += ["", "## Why", "", *(f"- {name}: {_plain(value)}" for name, value in reasons(plan))]
        lines += _list("Before you use these numbers", plan.warnings)
        lines += _list("How the supply is known", plan.details)
        print("\n".join(lines), file=stream)
        return ()

    def _table(self, columns: Sequence[str], rows: Sequence[Row], stream: TextIO) -> None:
        print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", file=stream)
        for row in rows:
            cells = (cell(row.get(column), column).replace("|", r"\|") for column in columns)
            print(f"| {' | '.join(cells)} |", file=stream)

    def _paragraph(self, text: str, stream: TextIO) -> None:
        print(text, file=stream)

    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        print("\n".join(f"* {printable(line)}" for line in lines), file=stream)

    def _heading(self, text: str) -> str:
        return f"## {text}"

    def _items(self, lines: Sequence[str], stream: TextIO) -> None:
        print("\n".join(f"- {line}" for line in lines), file=stream)


def _list(heading: str, lines: Iterable[str]) -> list[str]:
    items = [f"- {_plain(line)}." for line in lines]
    return ["", f"## {heading}", "", *items] if items else []


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: names come from users, and R_D* would turn italic."""
    for mark in ("\\", "|", "*", "_", "`", "<", "[", "#"):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


REPORT: Final[Report] = Markdown()
