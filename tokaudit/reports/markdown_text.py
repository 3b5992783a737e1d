"""Text and tables in Markdown that shows them as they are, whatever names users choose."""

from collections.abc import Sequence
from typing import Final

from tokaudit.reports.cells import shown
from tokaudit.reports.protocol import Table
from tokaudit.reports.readable import readable

_MARKS: Final = ("\\", "|", "*", "_", "`", "<", "[", "#", "&", "~", "$")
"""Characters that would begin something else than text inside a line: R_D* would turn italic, and $x$ a formula."""


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    text = readable(" ".join(text.split()))
    for mark in _MARKS:
        text = text.replace(mark, f"\\{mark}")
    return text


def table_lines(table: Table) -> list[str]:
    """The lines of a table as people see it, with numbers aligned to the right."""
    columns = shown(table)
    alignment = ("---:" if column.right else "---" for column in columns)
    rows = zip(*(column.cells for column in columns), strict=True)
    return [_row([column.name for column in columns]), f"|{'|'.join(alignment)}|", *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(plain, cells))} |"
