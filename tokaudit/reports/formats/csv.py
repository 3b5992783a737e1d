"""CSV: the rows, with the names of the columns in the first line.

Text cells are written so that no program that opens the file takes them for something else: a spreadsheet computes a
cell that begins with ``=``, and a terminal obeys control characters.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final, TextIO

from tokaudit.core.printable import printable
from tokaudit.reports.json_text import to_json
from tokaudit.reports.protocol import Report, Table

if TYPE_CHECKING:
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails


_END: Final = "\r\n"  # a cell is quoted if it has a character of this
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet computes a text cell that begins so."""


class _Lines:
    """Writes lines that end with a line feed alone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str, /) -> int:
        """Write a line that ends with `_END`."""
        return self._stream.write(line.removesuffix(_END) + "\n")


class Csv:
    """Rows alone; each method returns the notes that don't fit in.

    Args:
        is_raw: whether text cells are written as they are.
    """

    def __init__(self, *, is_raw: bool = False) -> None:
        self._cell = _cell if is_raw else _harmless_cell

    def raw(self) -> Report:
        """The format that writes text cells as they are."""
        return Csv(is_raw=True)

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write the table's rows."""
        writer = csv.writer(_Lines(stream), lineterminator=_END)
        writer.writerow(map(self._cell, table.columns))
        writer.writerows([self._cell(row.get(column)) for column in table.columns] for row in table.rows)
        return table.notes

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write a row per domain."""
        from tokaudit.planning.plan import DomainPlan  # noqa: PLC0415 - few reports need it

        columns = [field.name for field in fields(DomainPlan)]
        self.rows(Table(columns, list(map(asdict, plan.domains))), stream)
        return [f"{note}." for note in (*plan.warnings, *(plan.details if details else ()))]

    def corpus(self, found: "CorpusDetails", stream: TextIO) -> Sequence[str]:
        """Write a row per component."""
        from tokaudit.catalog.reference.corpora import PublishedCorpus  # noqa: PLC0415 - likewise

        columns = [field.name for field in fields(PublishedCorpus)]
        return self.rows(Table(columns, list(map(asdict, found.rows))), stream)

    def chapter(self, topic: str, text: str, stream: TextIO) -> Sequence[str]:
        """Write one row with the topic and the Markdown of a chapter."""
        return self.rows(Table(("topic", "markdown"), [{"topic": topic, "markdown": text}]), stream)

    def document(self, fields: "Row", stream: TextIO) -> Sequence[str]:
        """Write one row with the fields of a document of the catalog."""
        return self.rows(Table(tuple(fields), [fields]), stream)


def _harmless_cell(value: Any) -> Any:
    """The cell, with a text that looks like a formula behind a ``'``, and control characters escaped."""
    cell = _cell(_escaped(value))
    return f"'{cell}" if isinstance(value, str) and value.startswith(_FORMULA) else cell


def _escaped(value: Any) -> Any:
    """The value, with control characters escaped in all texts that it has."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {_escaped(key): _escaped(each) for key, each in value.items()}
    return list(map(_escaped, value)) if isinstance(value, (list, tuple)) else value


def _cell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return to_json(value, indent=False) if isinstance(value, (dict, list)) else value


REPORT: Final[Report] = Csv()
