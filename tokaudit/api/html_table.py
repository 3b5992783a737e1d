"""Tables and notes as HTML for notebooks; every text in them is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from tokaudit.core.errors import printable


def html_table(
    caption: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], notes: Iterable[str] = ()
) -> str:
    """A table with a caption, and notes below it; numbers stand right, with commas between thousands."""
    head = "".join(f"<th>{_text(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(_cell(row[column]) for column in columns)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return html_note(caption) + table + "".join(map(html_note, notes))


def html_note(text: str) -> str:
    """A paragraph."""
    return f"<p>{_text(text)}</p>"


def _cell(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<td style="text-align: right">{value:,}</td>'
    return f'<td style="text-align: left">{_text("" if value is None else str(value))}</td>'


def _text(text: str) -> str:
    return escape(printable(text))
