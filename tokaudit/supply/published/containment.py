"""Which of several named rows count, when their texts hold each other's.

A worked example. Named are FineWeb (whole), FineWeb-Edu (a subset of it), and DCLM in two disjoint parts, ``a`` and
``b``, which are all that DCLM's name stands for; a copy of ``a`` is named as "DCLM-recount/a".

* Rows whose text is the same are one *text*: ``a`` and its recount. The row that stands for the text is the outermost,
  standard, most deduplicated, largest one: ``DCLM/a``.
* DCLM is *there by its parts*, as all of them are named: what is inside of DCLM as a whole is inside of these.
* A text is *covered* if a row that counts has it, or if it is made of parts that are covered: FineWeb, ``a``, ``b``
  and with these DCLM.
* A row does not count if something else that is covered holds its text: FineWeb-Edu does not, as FineWeb holds it.
  Rows are asked in turn, inner ones first, and each against those that are left: so of two that hold each other's
  text one remains.

Kept are FineWeb, ``DCLM/a`` and ``DCLM/b``; FineWeb-Edu is inside of FineWeb, the recount inside of ``DCLM/a``.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tokaudit.catalog.reference.corpora import LEAST_DEDUPLICATED_FIRST, Node, PublishedCorpus
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.types import TokenBounds


class Containment:
    """Which of the named rows count, and what the others are inside of.

    Args:
        graph: all rows, and what is known of who holds whose text.
        named: rows, each once.
        amounts: name of a row -> its tokens; a row without is not placed.

    Attributes:
        kept: rows that count.
        inside: name of a row -> what holds its text.
        within: rows that don't count -> the row that does and holds their text; of those that have one.
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
        """Texts that nothing else holds that is covered by the others; sets what these cover."""
        remaining = set(self._row)
        for text in sorted(remaining, key=self._turn):
            self._covered = self._covered_by(remaining - {text})
            if self._holders(text):
                remaining.remove(text)
        self._covered = self._covered_by(remaining)
        return remaining

    def _place(self, text: Node, rows: Sequence[PublishedCorpus], remaining: Collection[Node]) -> None:
        """Say what rows of one text are inside of, and within which row that counts."""
        holder = self._label(text) if text in self._covered else self._holders(text)[0]
        self.inside |= {row.name: holder for row in rows if row not in self.kept}
        holding = [text, *sorted(self._graph.holders(text))]
        above = next((self._row[other] for other in holding if other in remaining), None)
        if above is not None:
            self.within |= {row: above for row in rows if row != above}

    def holder(self, end: Node) -> str | None:
        """What counts and holds the text of something else; None: nothing does."""
        text = self._graph.representative(self._graph.node(end))
        return self._label(text) if text in self._covered else next(iter(self._holders(text)), None)

    def _text(self, row: PublishedCorpus) -> Node:
        return self._graph.representative(self._graph.node(row.node))

    def _standard(self, corpus: str) -> list[PublishedCorpus]:
        return [row for row in self._graph.rows_of[corpus] if row.standard]

    def _parts(self, corpus: str) -> set[Node]:
        return {self._text(row) for row in self._graph.rows_of[corpus] if row.extent == "part"}

    def _in_parts(self, corpus: str, named: Collection[PublishedCorpus]) -> bool:
        """Whether the disjoint parts that a corpus's name stands for are all named and counted, and none is all.

        Where it has further parts, a count of the whole corpus that is named holds more than they do.
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
        """Whether a row's corpus as a whole is inside of something named."""
        return bool(self._graph.holders((row.corpus, "")) & self._present)

    def _order(self, row: PublishedCorpus) -> tuple[bool, bool, int, float, str]:
        """Which row of one text counts: of the outermost corpus, standard, least repetitive, largest."""
        size = self._amounts[row.name].middle
        repetitive = -LEAST_DEDUPLICATED_FIRST.index(row.counted)
        return self._inside(row), not row.standard, repetitive, -size, row.name

    def _turn(self, text: Node) -> tuple[bool, bool, Node]:
        """When to ask whether the others hold a text: last of the parts that stand for their corpora."""
        row = self._row[text]
        stands = self._by_parts.get(self._graph.representative((row.corpus, ""))) == row.corpus
        return stands, not self._inside(row), text

    def _covered_by(self, remaining: set[Node]) -> set[Node]:
        """Texts that rows of these hold in full, being one of them or made of such parts."""
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
        """What holds a text and more; a corpus that is there by its parts does not hold a part of its own."""
        return [
            self._label(other)
            for other in sorted(self._graph.holders(text) & self._covered)
            if other not in self._by_parts or text not in self._parts(self._by_parts[other])
        ]

    def _label(self, text: Node) -> str:
        return self._by_parts.get(text) or self._row[text].name
