"""A Plan as a Markdown document."""

from typing import TextIO

from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_words import DOMAIN_COLUMNS, domain_rows, reasons, verdict


def write_plan(plan: Plan, stream: TextIO) -> None:
    """Write the plan with a heading for the verdict, the domains, why, what to know, and how the supply is known."""
    lines = ["# Is data the constraint?", "", f"**{_plain(verdict(plan))}**"]
    if plan.domains:
        alignment = ("---" if column in {"domain", "verdict"} else "---:" for column in DOMAIN_COLUMNS)
        lines += ["", "## Domains", "", _row(DOMAIN_COLUMNS), f"|{'|'.join(alignment)}|"]
        lines += [_row(row) for row in domain_rows(plan)]
    lines += ["", "## Why", "", *(f"- {name}: {_plain(value)}" for name, value in reasons(plan))]
    if plan.warnings:
        lines += [
            "",
            "## Before you use these numbers",
            "",
            *(f"- {_plain(warning)}." for warning in plan.warnings),
        ]
    if plan.details:
        lines += ["", "## How the supply is known", "", *(f"- {_plain(detail)}." for detail in plan.details)]
    print("\n".join(lines), file=stream)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: names come from users, and R_D* would turn italic."""
    for mark in ("\\", "|", "*", "_", "`", "<", "[", "#"):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
