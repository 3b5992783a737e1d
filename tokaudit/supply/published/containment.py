"""Which of several named rows count, if some contain the text of others.

A worked example. These rows are named: FineWeb (whole), FineWeb-Edu (a subset of it), two disjoint parts of DCLM,
``a`` and ``b``, which are all that DCLM's name stands for, and a recount of ``a`` called "DCLM-recount/a".

* Rows with the same text are one *text*: ``a`` and its recount. One row represents it: the outermost, then the
  standard, the most deduplicated, the largest one. Here it is ``DCLM/a``.
* DCLM is *present by its parts*, because all of them are named. What is inside DCLM as a whole is inside these parts.
* A text is *covered* if a row that counts has it, or if it consists of covered parts: FineWeb, ``a``, ``b`` and
  therefore DCLM.
* A row does not count if another covered text contains it: FineWeb-Edu does not, because FineWeb contains it.
  Rows are checked in order, inner ones first, each against those that are left. So one of two rows that contain each
  other stays.

FineWeb, ``DCLM/a`` and ``DCLM/b`` are kept. FineWeb-Edu is inside FineWeb, and the recount is inside ``DCLM/a``.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tokaudit.catalog.reference.corpora import LEAST_DEDUPLICATED_FIRST, Node, PublishedCorpus
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.types import TokenBounds


class Containment:
    """Which of the named rows count, and what contains the others.

    Args:
        graph: all rows, and which contains which.
        named: rows, each once.
        amounts: name of a row -> its tokens; a row without tokens is ignored.

    Attributes:
        kept: rows that count.
        inside: name of a row -> what contains its text.
        within: row that doesn't count -> the row that counts and contains its text, if there is one.
    """

    def __init__(
        self, graph: LineageGraph, named: Sequence[PublishedCorpus], amounts: Mapping[str, TokenBounds]
    ) -> None:
        self._graph = graph
        self._amounts = amounts
        texts: dict[Node, list[PublishedCorpus]] = defaultdict(list)
        for row in named:
            if row.name in amounts:
                texts[self._text(row)].append(row)
        in_parts = sorted(corpus for corpus in {row.corpus for row in named} if self._in_parts(corpus, named))
        self._by_parts = {graph.representative((corpus, "")): corpus for corpus in in_parts}
        self._present = texts.keys() | self._by_parts.keys()
        self._row = {text: min(rows, key=self._order) for text, rows in texts.items() if text not in self._by_parts}
        self._covered: set[Node] = set()
        remaining = self._remaining()
        self.kept = [self._row[text] for text in remaining]
        self.inside: dict[str, str] = {}
        self.within: dict[PublishedCorpus, PublishedCorpus] = {}
        for text, rows in texts.items():
            self._place(text, rows, remaining)

    def _remaining(self) -> set[Node]:
        """Texts that no other covered text contains; sets what they cover."""
        remaining = set(self._row)
        for text in sorted(remaining, key=self._turn):
            self._covered = self._covered_by(remaining - {text})
            if self._holders(text):
                remaining.remove(text)
        self._covered = self._covered_by(remaining)
        return remaining

    def _place(self, text: Node, rows: Sequence[PublishedCorpus], remaining: Collection[Node]) -> None:
        """Record what contains the rows of one text, and which row that counts does."""
        holder = self._label(text) if text in self._covered else self._holders(text)[0]
        self.inside |= {row.name: holder for row in rows if row not in self.kept}
        holding = [text, *sorted(self._graph.holders(text))]
        above = next((self._row[other] for other in holding if other in remaining), None)
        if above is not None:
            self.within |= {row: above for row in rows if row != above}

    def holder(self, end: Node) -> str | None:
        """Name of what counts and contains the text of an end of lineage; None if nothing does."""
        text = self._graph.representative(self._graph.node(end))
        return self._label(text) if text in self._covered else next(iter(self._holders(text)), None)

    def _text(self, row: PublishedCorpus) -> Node:
        return self._graph.representative(self._graph.node(row.node))

    def _standard(self, corpus: str) -> list[PublishedCorpus]:
        return [row for row in self._graph.rows_of[corpus] if row.standard]

    def _parts(self, corpus: str) -> set[Node]:
        return {self._text(row) for row in self._graph.rows_of[corpus] if row.extent == "part"}

    def _in_parts(self, corpus: str, named: Collection[PublishedCorpus]) -> bool:
        """Whether all disjoint parts that a corpus's name stands for are named and counted, and none is the whole.

        If it has further parts, a named count of the whole corpus contains more than these.
        """
        standard = self._standard(corpus)
        parts = all(row.extent == "part" and row in named and row.name in self._amounts for row in standard)
        further = any(row.extent == "part" and not row.standard for row in self._graph.rows_of[corpus])
        whole = any(
            row.extent == "whole" and row in named and row.name in self._amounts for row in self._graph.rows_of[corpus]
        )
        none_is_all = self._graph.representative((corpus, "")) not in self._parts(corpus)
        return bool(standard) and parts and none_is_all and not (further and whole)

    def _inside(self, row: PublishedCorpus) -> bool:
        """Whether a row's corpus as a whole is inside another named text."""
        return bool(self._graph.holders((row.corpus, "")) & self._present)

    def _order(self, row: PublishedCorpus) -> tuple[bool, bool, int, float, str]:
        """Sort key for rows of one text; the first counts: outermost corpus, standard, most deduplicated, largest."""
        size = self._amounts[row.name].middle
        repetitive = -LEAST_DEDUPLICATED_FIRST.index(row.counted)
        return self._inside(row), not row.standard, repetitive, -size, row.name

    def _turn(self, text: Node) -> tuple[bool, bool, Node]:
        """Sort key for checking texts; parts that stand for their corpora come last."""
        row = self._row[text]
        stands = self._by_parts.get(self._graph.representative((row.corpus, ""))) == row.corpus
        return stands, not self._inside(row), text

    def _covered_by(self, remaining: set[Node]) -> set[Node]:
        """These texts, and those that consist of parts among them."""
        covered = set(remaining)
        waiting = dict(self._by_parts)
        while made := [
            whole
            for whole, corpus in waiting.items()
            if all((self._graph.holders(part) | {part}) & covered for part in map(self._text, self._standard(corpus)))
        ]:
            covered.update(made)
            for whole in made:
                del waiting[whole]
        return covered

    def _holders(self, text: Node) -> list[str]:
        """Names of what contains a text and more; a corpus present by its parts does not contain its own part."""
        return [
            self._label(other)
            for other in sorted(self._graph.holders(text) & self._covered)
            if other not in self._by_parts or text not in self._parts(self._by_parts[other])
        ]

    def _label(self, text: Node) -> str:
        return self._by_parts.get(text) or self._row[text].name
