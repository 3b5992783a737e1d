"""What a format writes: tables, plans, and everything published about a corpus."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TextIO

if TYPE_CHECKING:
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails


@dataclass(frozen=True, slots=True)
class ForPeople:
    """How people see a table, where it differs from what programs read.

    Attributes:
        columns: columns to show; None: all.
        rows: rows to show; None: the table's.
        words: column -> a function that puts its values into words.
        prose: columns with sentences. Only these may be wrapped on a terminal; all others are kept on one line.
        keep: columns to show even on a narrow terminal, where the last of the others are left out; empty: the first
            two. If these don't fit next to each other, each row is written as a block of lines.
        before, after: text above and below the rows: paragraphs and lists of lines.
        differences: what differs between pairs of texts, below all that: the pair, the places that differ as
            `word_diff` marks them, one per line, and a remark; the last two may be empty.
        notes: further notes.
        sections: what people see instead of the rows, if there are any: headings with tables or lists of lines.
    """

    columns: Sequence[str] | None = None
    rows: "Sequence[Row] | None" = None
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    prose: Collection[str] = ()
    keep: Sequence[str] = ()
    before: Sequence[str | tuple[str, ...]] = ()
    after: Sequence[str | tuple[str, ...]] = ()
    differences: Sequence[tuple[str, str, str]] = ()
    notes: Sequence[str] = ()
    sections: "Sequence[tuple[str, Table | Sequence[str]]]" = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to write.

    Attributes:
        columns: names of the columns in order, written even if there are no rows.
        rows: the rows in order.
        extra: further fields of the JSON document, next to ``rows``.
        document: the JSON document; None: ``{"rows": […], **extra}``.
        notes: what the document says and rows can't; formats with rows alone return them, for stderr.
        people: how people see the table.
    """

    columns: Sequence[str]
    rows: "Sequence[Row]"
    extra: Mapping[str, Any] = field(default_factory=dict)
    document: Any = None
    notes: Sequence[str] = ()
    people: ForPeople = field(default_factory=ForPeople)


class Report(Protocol):
    """Writes in one format. Each method that writes returns the notes to be written to stderr."""

    def raw(self) -> "Report":
        """The format with text cells as they are, where programs read them; else the format itself."""
        ...

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write a table."""
        ...

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write a plan.

        Args:
            plan: the plan.
            stream: where to write.
            details: whether to say how each number of the supply is known; formats with room always do.
        """
        ...

    def corpus(self, found: "CorpusDetails", stream: TextIO) -> Sequence[str]:
        """Write everything published about one corpus."""
        ...

    def chapter(self, topic: str, text: str, stream: TextIO) -> Sequence[str]:
        """Write a chapter of the guide, whose text is Markdown."""
        ...

    def document(self, fields: "Row", stream: TextIO) -> Sequence[str]:
        """Write a document of the catalog. Its text is the field ``text``; people see the text alone."""
        ...
