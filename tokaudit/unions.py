"""The union of published corpora: how much text several hold together, when they hold each other's.

What is inside of something else that is named adds nothing. Of the rest, parts of one corpus are added, for they are
disjoint; of corpora that nothing is known about, no more than the largest is counted.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.errors import UsageError
from tokaudit.lineage_graph import LineageGraph, Node
from tokaudit.published import INSIDE, LEAST_DEDUPLICATED_FIRST, Lineage, PublishedCorpus, Relation

_RELATION: Final[dict[Relation, str]] = {
    "subset_of": "a subset of",
    "dedup_of": "a deduplication of",
    "recount_of": "a recount of",
    "derived_from": "derived from",
    "rewrite_of": "a rewrite of",
    "upsample_of": "an upsampling of",
}
_ONE_LANGUAGE: Final = re.compile("[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens of a row or of several: at least, to count, at most; all of a union by one tokenizer."""

    low: float
    middle: float
    high: float

    def times(self, factor: float) -> "Amount":
        """So many times as much."""
        return Amount(self.low * factor, self.middle * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class DomainUnion:
    """What of a union is of one domain.

    Attributes:
        amount: tokens; the middle one is what to count: never more than they must be together.
        rows: what it is made of, in the registry's order.
        may_overlap: corpora (by name) of which nothing says that they don't hold each other's text; empty: none.
    """

    amount: Amount
    rows: tuple[PublishedCorpus, ...]
    may_overlap: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """Several corpora together.

    Attributes:
        domains: by name.
        inside: name of what was named and adds nothing -> what holds its text, or stands for the same.
        uncounted: names of rows that nothing else named holds, and whose size is not known.
    """

    domains: Mapping[str, DomainUnion]
    inside: Mapping[str, str]
    uncounted: tuple[str, ...]


def union(
    named: Collection[PublishedCorpus], unlisted: Collection[Node], amounts: Mapping[str, Amount], graph: LineageGraph
) -> Union:
    """How much text the named rows hold together, by domain.

    Args:
        named: rows, in any order; naming one twice changes nothing.
        unlisted: ends of lineage that are named, too, and are no rows.
        amounts: name of a row -> its tokens; a row without is not counted.
        graph: all rows, and what is known of who holds whose text.

    Raises:
        UsageError: an unlisted end is not inside of what is named, or a row counts repeats and nothing else named
            says how much text they are of.
    """
    lineage = graph.lineage
    resolved = _Resolved(graph, list(dict.fromkeys(named)), amounts)
    inside = dict(resolved.inside)
    uncounted = []
    for row in named:
        if row.name not in amounts:
            if holder := resolved.holder((row.corpus, row.component)):
                inside[row.name] = holder
            else:
                uncounted.append(row.name)
    for node in unlisted:
        holder = resolved.holder(node)
        if holder is None:
            raise UsageError(f"{'/'.join(node)} is not in the registry; {_known_of(node, lineage)}")
        inside["/".join(node)] = holder
    kept = sorted(resolved.kept, key=graph.registry.index)
    for row in kept:
        if row.counted == "repeated":
            raise UsageError(
                f"{row.name} counts repeats, not how much text there is; {_instead(row, graph.registry, lineage)}"
            )
    counted = _without_known_overlaps({row.name: amounts[row.name] for row in kept}, kept, lineage)
    rewrites = {(edge.child, edge.child_component) for edge in lineage if edge.relation == "rewrite_of"}
    domains: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in kept:
        domains[row.domain].append(row)
    together = {domain: _together(rows, counted, rewrites) for domain, rows in sorted(domains.items())}
    return Union(together, inside, tuple(sorted(set(uncounted))))


class _Resolved:
    """Which of the named rows count, and what the others are inside of.

    A text is a class of nodes that hold the same; a corpus all of whose disjoint parts are named is there by its parts.

    Attributes:
        kept: rows that count.
        inside: name of a row -> what holds its text.
    """

    def __init__(self, graph: LineageGraph, named: Sequence[PublishedCorpus], amounts: Mapping[str, Amount]) -> None:
        self._graph = graph
        self._amounts = amounts
        texts: dict[Node, list[PublishedCorpus]] = defaultdict(list)
        for row in named:
            if row.name in amounts:
                texts[self._text(row)].append(row)
        in_parts = sorted(corpus for corpus in {row.corpus for row in named} if self._in_parts(corpus, named))
        self._by_parts = {graph.same((corpus, "")): corpus for corpus in in_parts}
        self._present = texts.keys() | self._by_parts.keys()
        self._row = {text: min(rows, key=self._order) for text, rows in texts.items() if text not in self._by_parts}
        self._solid: set[Node] = set()
        remaining = set(self._row)
        for text in sorted(remaining, key=self._turn):
            self._solid = self._held(remaining - {text})
            if self._holders(text):
                remaining.remove(text)
        self._solid = self._held(remaining)
        self.kept = [self._row[text] for text in remaining]
        self.inside: dict[str, str] = {}
        for text, rows in texts.items():
            holder = self._label(text) if text in self._solid else self._holders(text)[0]
            self.inside |= {row.name: holder for row in rows if row not in self.kept}

    def holder(self, end: Node) -> str | None:
        """What counts and holds the text of something else; None: nothing does."""
        text = self._graph.same(self._graph.node(end))
        return self._label(text) if text in self._solid else next(iter(self._holders(text)), None)

    def _text(self, row: PublishedCorpus) -> Node:
        return self._graph.same(self._graph.node((row.corpus, row.component)))

    def _standard(self, corpus: str) -> list[PublishedCorpus]:
        return [row for row in self._graph.of[corpus] if row.standard]

    def _parts(self, corpus: str) -> set[Node]:
        return {self._text(row) for row in self._graph.of[corpus] if row.extent == "part"}

    def _in_parts(self, corpus: str, named: Collection[PublishedCorpus]) -> bool:
        """Whether the disjoint parts that a corpus's name stands for are all named and counted, and none is all."""
        standard = self._standard(corpus)
        parts = all(row.extent == "part" and row in named and row.name in self._amounts for row in standard)
        return bool(standard) and parts and self._graph.same((corpus, "")) not in self._parts(corpus)

    def _inside(self, row: PublishedCorpus) -> bool:
        """Whether a row's corpus as a whole is inside of something named."""
        return bool(self._graph.strictly((row.corpus, "")) & self._present)

    def _order(self, row: PublishedCorpus) -> tuple[bool, bool, int, float, str]:
        """Which row of one text counts: of the outermost corpus, standard, least repetitive, largest."""
        size = self._amounts[row.name].middle
        repetitive = -LEAST_DEDUPLICATED_FIRST.index(row.counted)
        return self._inside(row), not row.standard, repetitive, -size, row.name

    def _turn(self, text: Node) -> tuple[bool, bool, Node]:
        """When to ask whether the others hold a text: last of the parts that stand for their corpora."""
        row = self._row[text]
        stands = self._by_parts.get(self._graph.same((row.corpus, ""))) == row.corpus
        return stands, not self._inside(row), text

    def _held(self, remaining: set[Node]) -> set[Node]:
        """Texts that rows of these hold in full, being one of them or made of such parts."""
        solid = set(remaining)
        waiting = dict(self._by_parts)
        while made := [
            whole
            for whole, corpus in waiting.items()
            if all((self._graph.strictly(part) | {part}) & solid for part in map(self._text, self._standard(corpus)))
        ]:
            solid.update(made)
            for whole in made:
                del waiting[whole]
        return solid

    def _holders(self, text: Node) -> list[str]:
        """What holds a text and more; a corpus that is there by its parts does not hold a part of its own."""
        return [
            self._label(other)
            for other in sorted(self._graph.strictly(text) & self._solid)
            if other not in self._by_parts or text not in self._parts(self._by_parts[other])
        ]

    def _label(self, text: Node) -> str:
        return self._by_parts.get(text) or self._row[text].name


def _known_of(node: Node, lineage: Sequence[Lineage]) -> str:
    """Where the text of a node that is no row is from."""
    known = [
        f"{_RELATION[edge.relation]} {edge.parent}/{edge.parent_component}"
        for edge in lineage
        if (edge.child, edge.child_component) == node and edge.relation in INSIDE
    ]
    known += [
        f"a part of {edge.child}/{edge.child_component}"
        for edge in lineage
        if (edge.parent, edge.parent_component) == node and edge.relation == "contains"
    ]
    return f"it is {' and '.join(known)}: name that" if known else "nothing says how much text it holds"


def _instead(row: PublishedCorpus, registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> str:
    """What to name in place of a row that counts repeats."""
    if any(other.corpus == row.corpus and other.standard for other in registry):
        return f"name {row.corpus}"
    repeated = [
        f"{edge.parent}/{edge.parent_component}"
        for edge in lineage
        if edge.relation == "upsample_of" and edge.child == row.corpus
        if edge.child_component == row.component or row.extent != "whole"
    ]
    return f"name what it repeats: {' or '.join(repeated)}" if repeated else "what it repeats is not known"


def _without_known_overlaps(
    amounts: Mapping[str, Amount], rows: Sequence[PublishedCorpus], lineage: Sequence[Lineage]
) -> dict[str, Amount]:
    """Amounts without the known share of a part's tokens that another part of the same corpus holds, too."""
    parts = {row.name for row in rows if row.extent == "part"}
    twice: dict[str, float] = defaultdict(float)
    for edge in lineage:
        ends = {f"{edge.child}/{edge.child_component}", f"{edge.parent}/{edge.parent_component}"}
        if edge.relation == "overlaps" and edge.child == edge.parent and edge.fraction and ends <= parts:
            twice[f"{edge.child}/{edge.child_component}"] += edge.fraction
    return {name: amount.times(1 - min(1.0, twice[name])) for name, amount in amounts.items()}


def _together(
    rows: Sequence[PublishedCorpus], amounts: Mapping[str, Amount], rewrites: Collection[Node]
) -> DomainUnion:
    """Rows of one domain: no less than the sum of what is known to be disjoint, no more than the sum of all."""
    shares = [(_disjoint(row, rewrites), _language(row), amounts[row.name]) for row in rows]
    low = _surely([(block, language, amount.low) for block, language, amount in shares])
    middle = _surely([(block, language, amount.middle) for block, language, amount in shares])
    high = sum(amount.high for _, _, amount in shares)
    bounded = middle < (1 - 1e-9) * sum(amount.middle for _, _, amount in shares)
    may_overlap = tuple(dict.fromkeys(block for block, _, _ in shares)) if bounded else ()
    return DomainUnion(Amount(low, middle, max(middle, high)), tuple(rows), may_overlap)


def _disjoint(row: PublishedCorpus, rewrites: Collection[Node]) -> str:
    """Rows of one name here are disjoint: parts of one corpus, unless several retell the same documents."""
    return row.corpus if row.extent == "part" and (row.corpus, row.component) not in rewrites else row.name


def _language(row: PublishedCorpus) -> str | None:
    return row.languages if _ONE_LANGUAGE.fullmatch(row.languages) else None


def _surely(shares: Sequence[tuple[str, str | None, float]]) -> float:
    """The least that (block, language, tokens) can be together.

    Blocks may hold the same text, but not what is in different languages: no less than the largest block, and no less
    than the largest of each language.
    """
    blocks: dict[str, float] = defaultdict(float)
    languages: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for block, language, tokens in shares:
        blocks[block] += tokens
        if language is not None:
            languages[language][block] += tokens
    by_language = sum(max(of.values()) for of in languages.values())
    return max(by_language, *blocks.values())
