"""What the formats for people share: the order of a table, of the text around it, and of a corpus."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from tokaudit.reports.cells import shown
from tokaudit.reports.layout import Column
from tokaudit.reports.protocol import Report, Table
from tokaudit.reports.readable import readable
from tokaudit.reports.whole_text import write_text

if TYPE_CHECKING:
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails


class ForReading(ABC):
    """A `Report` that leaves each part to the format."""

    def raw(self) -> Report:
        """The same format: what people read is always shown so that it can't mislead."""
        return self

    def rows(self, table: Table, stream: TextIO) -> Sequence[str]:
        """Write the table as people see it: its sections, or its rows with the text above and below them."""
        if table.people.sections:
            self._sections(table.people.sections, stream)
            return (*table.notes, *table.people.notes)
        for each in table.people.before:
            self._block(each, stream)
            print(file=stream)
        self._table(shown(table), table.people.keep, stream)
        for each in table.people.after:
            print(file=stream)
            self._block(each, stream)
        for pair, places, remark in table.people.differences:
            print(file=stream)
            self._paragraph(pair, stream)
            self._difference(places, stream)
            if remark:
                self._paragraph(f"({remark})", stream)
        return (*table.notes, *table.people.notes)

    def corpus(self, found: "CorpusDetails", stream: TextIO) -> Sequence[str]:
        """Write the disputes, counts, relatives and sources of a corpus, each under a heading."""
        from tokaudit.reports.corpus import corpus_sections  # noqa: PLC0415 - few reports need it

        self._sections(corpus_sections(found), stream)
        return ()

    def chapter(self, topic: str, text: str, stream: TextIO) -> Sequence[str]:  # noqa: ARG002 - of `Report`
        """Write a chapter of the guide as Markdown."""
        print(text.rstrip("\n"), file=stream)
        return ()

    def document(self, fields: "Row", stream: TextIO) -> Sequence[str]:
        """Write the text of a document: byte for byte, except on a terminal."""
        write_text(fields["text"], stream)
        return ()

    @abstractmethod
    def plan(self, plan: "Plan", stream: TextIO, *, details: bool) -> Sequence[str]:
        """Write a plan (see `Report`)."""

    def _sections(self, sections: "Iterable[tuple[str, Table | Sequence[str]]]", stream: TextIO) -> None:
        for place, (heading, content) in enumerate(sections):
            if place:
                print(file=stream)
            if heading:
                print(f"{self._heading(readable(heading))}\n", file=stream)
            if isinstance(content, Table):
                self.rows(content, stream)
            else:
                self._items(content, stream)

    def _block(self, found: str | tuple[str, ...], stream: TextIO) -> None:
        if isinstance(found, str):
            self._paragraph(found, stream)
        else:
            self._lines(found, stream)

    @abstractmethod
    def _table(self, columns: Sequence[Column], keep: Sequence[str], stream: TextIO) -> None:
        """Write the columns; those in `keep` are never left out."""

    @abstractmethod
    def _difference(self, places: str, stream: TextIO) -> None:
        """Write where two texts differ, one place per line; empty: nothing."""

    @abstractmethod
    def _paragraph(self, text: str, stream: TextIO) -> None: ...

    @abstractmethod
    def _lines(self, lines: Sequence[str], stream: TextIO) -> None:
        """Lines that explain a table."""

    @abstractmethod
    def _heading(self, text: str) -> str: ...

    @abstractmethod
    def _items(self, lines: Sequence[str], stream: TextIO) -> None:
        """Lines below a heading."""
