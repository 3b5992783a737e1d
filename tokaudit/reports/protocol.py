"""What a format writes: tables, plans, and all that is published of a corpus."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TextIO

if TYPE_CHECKING:
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails


@dataclass(frozen=True, slots=True)
class ForPeople:
    """How people see a table, where that is not how programs read it.

    Attributes:
        columns: those that are shown; None: all.
        rows: shown instead of the table's; None: the table's.
        words: column -> its values in words.
        before, after: what stands above and below the rows: paragraphs, lists of lines, and plans.
        notes: further ones.
    """

    columns: Sequence[str] | None = None
    rows: "Sequence[Row] | None" = None
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    before: "Sequence[str | tuple[str, ...] | Plan]" = ()
    after: "Sequence[str | tuple[str, ...] | Plan]" = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to write.

    Attributes:
        columns: names of the columns in order, written even when there are no rows.
        rows: the rows, in order.
        extra: further fields of the JSON document, beside ``rows``.
        document: the JSON document, where it is another than ``{"rows": […], **extra}``; None: it is not.
        notes: what the document says and rows can't, to be told beside these, on stderr.
        people: how people see it.
    """

    columns: Sequence[str]
    rows: "Sequence[Row]"
    extra: Mapping[str, Any] = field(default_factory=dict)
    document: Any = None
    notes: Sequence[str] = ()
    people: ForPeople = field(default_factory=ForPeople)


class Report(Protocol):
    """Writes in one format. What is to be told beside what was written, on stderr, comes back."""

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write a table."""
        ...

    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write a plan.

        Args:
            plan: the plan.
            stream: where it goes.
            details: whether to say how each of the supply's numbers is known; formats that have room always do.
        """
        ...

    def corpus(self, found: "CorpusDetails", stream: TextIO) -> Sequence[str]:
        """Write all that is published of one corpus."""
        ...

    def chapter(self, topic: str, text: str, stream: TextIO) -> Sequence[str]:
        """Write a chapter of the guide, whose text is Markdown."""
        ...
