"""A table as people see it: which columns and rows, and each value in words."""

from collections.abc import Sequence
from typing import Any

from tokaudit.core.errors import printable
from tokaudit.core.rows import Row
from tokaudit.reports.protocol import Table


def shown(table: Table) -> tuple[Sequence[str], list[Row]]:
    """The columns that people see, and the rows, with values put in words where the table says how."""
    people = table.people
    columns = table.columns if people.columns is None else people.columns
    rows = table.rows if people.rows is None else people.rows
    if not people.words:
        return columns, list(rows)
    return columns, [{column: _worded(table, column, row.get(column)) for column in columns} for row in rows]


def _worded(table: Table, column: str, value: Any) -> Any:
    words = table.people.words.get(column)
    return value if words is None or value is None else words(value)


def cell(value: Any, column: str) -> str:
    """A value as text: ``-`` for None, thousands marked, four digits of a fraction; the year as it is."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if column == "year" else f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    return printable(str(value))
