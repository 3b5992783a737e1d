"""Markdown: tables, and a plan as a document with headings."""

from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from tokaudit.core.errors import printable
from tokaudit.planning.plan import Plan
from tokaudit.reports.cells import cell, shown
from tokaudit.reports.corpus import corpus_sections
from tokaudit.reports.plan_words import DOMAIN_COLUMNS, domain_rows, reasons, verdict
from tokaudit.reports.protocol import Report, Table
from tokaudit.supply.published.browse import CorpusDetails


class Markdown:
    """What a document can hold, in the order in which people read it."""

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write the table as people see it."""
        for each in table.people.before:
            self._block(each, stream)
            print(file=stream)
        columns, rows = shown(table)
        print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", file=stream)
        for row in rows:
            cells = (cell(row.get(column), column).replace("|", r"\|") for column in columns)
            print(f"| {' | '.join(cells)} |", file=stream)
        for each in table.people.after:
            print(file=stream)
            self._block(each, stream)
        return (*table.notes, *table.people.notes)

    def _block(self, found: str | tuple[str, ...] | Plan, stream: TextIO) -> None:
        if isinstance(found, Plan):
            self.plan(found, stream, details=False)
        elif isinstance(found, str):
            print(found, file=stream)
        else:
            print("\n".join(f"* {printable(line)}" for line in found), file=stream)

    def plan(self, plan: Plan, stream: TextIO, *, details: bool) -> Sequence[str]:  # noqa: ARG002 - there is room
        """Write the plan: the verdict, the domains, why, what to know, and how the supply is known."""
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

    def corpus(self, found: CorpusDetails, stream: TextIO) -> Sequence[str]:
        """Write the counts of a corpus, what is in dispute, its relatives and its sources, each under a heading."""
        for place, (heading, content) in enumerate(corpus_sections(found)):
            if place:
                print(file=stream)
            if heading:
                print(f"## {heading}\n", file=stream)
            if isinstance(content, Table):
                self.rows(content, stream)
            else:
                print("\n".join(f"- {line}" for line in content), file=stream)
        return ()


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
