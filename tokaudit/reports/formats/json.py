"""JSON: one document, without NaN or Infinity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.reports.json_text import to_json
from tokaudit.reports.protocol import Report, Table

if TYPE_CHECKING:
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails


class Json:
    """Everything, field by field; fields that do not apply are null."""

    def raw(self) -> Report:
        """The same format: its texts are always as they are."""
        return self

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write ``{"rows": […], **extra}``, or the table's own document."""
        whole = {"rows": list(table.rows), **table.extra} if table.document is None else table.document
        print(to_json(whole), file=stream)
        return ()

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:  # noqa: ARG002 - of `Report`
        """Write the plan's fields."""
        print(to_json(plan), file=stream)
        return ()

    def corpus(self, found: "CorpusDetails", stream: TextIO) -> Sequence[str]:
        """Write everything published about a corpus."""
        print(to_json(found), file=stream)
        return ()

    def chapter(self, topic: str, text: str, stream: TextIO) -> Sequence[str]:
        """Write the topic and the Markdown of a chapter."""
        print(to_json({"topic": topic, "markdown": text}), file=stream)
        return ()

    def document(self, fields: "Row", stream: TextIO) -> Sequence[str]:
        """Write the fields of a document of the catalog."""
        print(to_json(fields), file=stream)
        return ()


REPORT: Final[Report] = Json()
