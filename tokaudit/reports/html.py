"""Plans and tables as HTML that a notebook shows: all text is escaped, and nothing is loaded from elsewhere."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from tokaudit.core.errors import printable
from tokaudit.planning.plan import Plan
from tokaudit.reports.cells import shown
from tokaudit.reports.plan_domains import short_table
from tokaudit.reports.plan_page import basis
from tokaudit.reports.plan_steps import steps
from tokaudit.reports.plan_value_words import asked_for
from tokaudit.reports.plan_verdict import verdict
from tokaudit.reports.protocol import Table

_MOST_ROWS: Final = 50
_RIGHT: Final = ' style="text-align: right"'


def plan_html(plan: Plan) -> str:
    """The verdict of a plan, what to train, what to do, what would turn the verdict, the domains, and notes."""
    table, rest = short_table(plan, _MOST_ROWS)
    parts = [f"<p><strong>{_text(verdict(plan))}</strong></p>", _items([*steps(plan), *asked_for(plan)])]
    if plan.domains:
        parts.append(table_html(table))
    parts += [f"<p>{_text(line)}</p>" for line in rest]
    parts += [_items(f"Note: {note}." for note in plan.notes), f"<p>{_text(basis(plan))}</p>"]
    return "\n".join(filter(None, parts))


def table_html(table: Table, most: int = _MOST_ROWS) -> str:
    """A table as people see it, with the text above and below it, and its notes.

    Args:
        table: the table.
        most: the most rows; the number of the others is said.
    """
    columns = shown(table)
    parts = [f"<p>{_text(text)}</p>" for text in table.people.before if isinstance(text, str)]
    aligned = [_RIGHT if column.right else "" for column in columns]
    heads = [f"<th{how}>{_text(column.name)}</th>" for how, column in zip(aligned, columns, strict=True)]
    rows = list(zip(*(column.cells for column in columns), strict=True))
    body = [_row(cells, aligned) for cells in rows[:most]]
    parts.append(f"<table>\n<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n{''.join(body)}</tbody>\n</table>")
    if len(rows) > most:
        parts.append(f"<p>{len(rows) - most:,} more rows</p>")
    parts.append(_items(table.notes))
    return "\n".join(filter(None, parts))


def _row(cells: Sequence[str], aligned: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td{how}>{_text(cell)}</td>' for how, cell in zip(aligned, cells, strict=True))}</tr>\n"


def _items(texts: Iterable[str]) -> str:
    """A list; an empty text without items."""
    items = "".join(f"<li>{_text(text)}</li>\n" for text in texts)
    return f"<ul>\n{items}</ul>" if items else ""


def _text(text: str) -> str:
    return escape(printable(text))
