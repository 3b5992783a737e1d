"""A table as people see it: its columns as text, each value in words."""

from typing import Any, Final

from tokaudit.core.units import format_power
from tokaudit.reports.layout import Column
from tokaudit.reports.protocol import Table
from tokaudit.reports.readable import readable, readable_name

_WHOLE: Final = 999.5, 1e6  # fractions between these are rounded to whole numbers


def shown(table: Table) -> list[Column]:
    """The columns that people see, with values put into words where the table says how."""
    people = table.people
    names = table.columns if people.columns is None else people.columns
    rows = table.rows if people.rows is None else people.rows
    columns = []
    for name in names:
        values = [row.get(name) for row in rows]
        words = people.words.get(name)
        texts = values if words is None else [None if value is None else words(value) for value in values]
        numeric = any(isinstance(value, (int, float)) for value in values)
        is_prose = name in people.prose
        cells = tuple(cell(text, name, is_prose=is_prose) for text in texts)
        columns.append(Column(readable_name(name), cells, right=numeric, prose=is_prose))
    return columns


def cell(value: Any, column: str, *, is_prose: bool = False) -> str:
    """A value as text: ``-`` for None, commas between thousands, three digits of a fraction, a year unchanged.

    A text is cut if it is too long to read: sentences are longer than names.
    """
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if column == "year" else f"{value:,}"
    if isinstance(value, float):
        low, high = _WHOLE
        return f"{value:,.0f}" if low <= abs(value) < high else format_power(value)
    return readable(str(value)) if is_prose else readable_name(str(value))
