"""CSV: the rows, with the names of the columns in the first line."""

import csv
import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final, TextIO

from tokaudit.reports.json_text import to_json
from tokaudit.reports.protocol import Report, Table

if TYPE_CHECKING:
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails


class Csv:
    """Rows alone; each method returns the notes that don't fit in."""

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write the table's rows."""
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows([_cell(row.get(column)) for column in table.columns] for row in table.rows)
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


def _cell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return to_json(value, indent=False) if isinstance(value, (dict, list)) else value


REPORT: Final[Report] = Csv()
