"""Tables as HTML that a notebook shows: all text is escaped, and nothing is loaded from elsewhere."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from tokaudit.reports.cells import shown
from tokaudit.reports.protocol import Table
from tokaudit.reports.readable import readable

_MOST_ROWS: Final = 50
_STYLES: Final = ' style="text-align: left"', ' style="text-align: right"'
"""Attributes of cells with text and with numbers, because notebooks align them in their own way."""
CLASSES: Final = "", ' class="number"'
"""The same for a page with a style sheet."""


def table_html(
    table: Table, most: int = _MOST_ROWS, attributes: tuple[str, str] = _STYLES, *, spaced: bool = False
) -> str:
    """A table as people see it, with the text above and below it, and its notes.

    Args:
        table: the table.
        most: the most rows; the number of the others is said.
        attributes: of cells with text, and of cells with numbers.
        spaced: whether headings are words, with blanks for underscores; else they are the names that programs read.
    """
    columns = shown(table)
    parts = [paragraph_html(text) for text in table.people.before if isinstance(text, str)]
    aligned = [attributes[column.right] for column in columns]
    names = [column.name.replace("_", " ") if spaced else column.name for column in columns]
    heads = [f"<th{how}>{text_html(name)}</th>" for how, name in zip(aligned, names, strict=True)]
    rows = list(zip(*(column.cells for column in columns), strict=True))
    body = [_row(cells, aligned) for cells in rows[:most]]
    parts.append(f"<table>\n<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n{''.join(body)}</tbody>\n</table>")
    if len(rows) > most:
        parts.append(paragraph_html(f"{len(rows) - most:,} more rows"))
    parts.append(items_html(table.notes))
    return "\n".join(filter(None, parts))


def _row(cells: Sequence[str], aligned: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td{how}>{text_html(cell)}</td>' for how, cell in zip(aligned, cells, strict=True))}</tr>\n"


def items_html(texts: Iterable[str]) -> str:
    """A list; an empty text without items."""
    items = "".join(f"<li>{text_html(text)}</li>\n" for text in texts)
    return f"<ul>\n{items}</ul>" if items else ""


def paragraph_html(text: str) -> str:
    """A paragraph."""
    return f"<p>{text_html(text)}</p>"


def text_html(text: str) -> str:
    """The text as it is shown, with control characters escaped."""
    return escape(readable(text))
