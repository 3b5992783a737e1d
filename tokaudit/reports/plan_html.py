"""A plan as HTML that a notebook shows."""

from typing import Final

from tokaudit.planning.plan import Plan
from tokaudit.reports.html import items_html, paragraph_html, table_html, text_html
from tokaudit.reports.plan_domains import short_table
from tokaudit.reports.plan_page import basis
from tokaudit.reports.plan_steps import steps
from tokaudit.reports.plan_value_words import asked_for
from tokaudit.reports.plan_verdict import verdict

_MOST_ROWS: Final = 50


def plan_html(plan: Plan, figure: str = "") -> str:
    """The verdict of a plan, a figure, what to train, what to do, what would turn the verdict, the domains, and notes.

    Args:
        plan: the plan.
        figure: the figure as HTML; empty: there is none.
    """
    table, rest = short_table(plan, _MOST_ROWS)
    parts = [
        f"<p><strong>{text_html(verdict(plan))}</strong></p>",
        figure,
        items_html([*steps(plan), *asked_for(plan)]),
    ]
    if plan.domains:
        parts.append(table_html(table))
    parts += [paragraph_html(line) for line in rest]
    parts += [items_html(f"Note: {note}." for note in plan.notes), paragraph_html(basis(plan))]
    return "\n".join(filter(None, parts))
