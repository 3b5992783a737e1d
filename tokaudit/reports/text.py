"""A Plan for a terminal: the verdict, the domains, why, and what to know before using the numbers."""

from typing import TextIO

from rich.table import Table
from rich.text import Text

from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_words import DOMAIN_COLUMNS, domain_rows, reasons, verdict
from tokaudit.reports.rows import terminal_console


def write_plan(plan: Plan, stream: TextIO, *, details: bool = False) -> None:
    """Write the plan as text; lines fold on a terminal only.

    Args:
        plan: the plan.
        stream: where to.
        details: whether to say how each of the supply's numbers is known.
    """
    console = terminal_console(stream)
    console.print(Text(verdict(plan), style="bold"))
    if plan.domains:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in DOMAIN_COLUMNS:
            table.add_column(column, justify="left" if column in {"domain", "verdict"} else "right")
        for row in domain_rows(plan):
            table.add_row(*map(Text, row))
        console.print()
        console.print(table)
    why = Table(box=None, pad_edge=False, show_header=False)
    for name, value in reasons(plan):
        why.add_row(Text(name, style="dim"), Text(value))
    console.print()
    console.print(why)
    if plan.warnings:
        console.print()
    how = plan.details if details else ("-v says how each number of the supply is known",) if plan.details else ()
    for note in (*plan.warnings, *how):
        console.print(Text(f"Note: {note}."))
