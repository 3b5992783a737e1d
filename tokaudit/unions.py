"""The union of published corpora: how much text several hold together, when they hold each other's.

A corpus is a node of a graph, and so is each of its parts and selections; edges lead to what holds its text. What leads
to something else that is named adds nothing. Of the rest, parts of one corpus are added, for they are disjoint; of
corpora that nothing is known about, no more than the largest is counted.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tokaudit.errors import UsageError
from tokaudit.published import INSIDE, Counted, Lineage, PublishedCorpus

Node = tuple[str, str]
"""Corpus and component; an empty component is the corpus itself."""

_RANK: Final[dict[Counted, int]] = {"near": 0, "exact": 1, "nominal": 2, "repeated": 3}
_ONE_LANGUAGE: Final = re.compile("[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens of one row, all rows of a union by the same tokenizer."""

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
        amount: tokens: the least and the most it may be, and what to count: the least that is sure, by ``middle``.
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
    named: Collection[PublishedCorpus],
    unlisted: Collection[Node],
    amounts: Mapping[str, Amount],
    registry: Sequence[PublishedCorpus],
    lineage: Sequence[Lineage],
) -> Union:
    """How much text the named rows hold together, by domain.

    Args:
        named: rows, in any order; naming one twice changes nothing.
        unlisted: ends of lineage that are named, too, and are no rows.
        amounts: name of a row -> its tokens; a row without is not counted.
        registry: all rows.
        lineage: what is known of who holds whose text.

    Raises:
        UsageError: an unlisted end is not inside of what is named, or a row counts repeats and nothing else named
            says how much text they are of.
    """
    held = _Held(registry, lineage)
    resolved = _Resolved(held, list(dict.fromkeys(named)), amounts)
    inside = dict(resolved.inside)
    uncounted = []
    for row in named:
        if row.name not in amounts:
            if holder := resolved.holder(held.node((row.corpus, row.component))):
                inside[row.name] = holder
            else:
                uncounted.append(row.name)
    for node in unlisted:
        holder = resolved.holder(node)
        if holder is None:
            raise UsageError(f"{'/'.join(node)} is not in the registry; {_known_of(node, lineage)}")
        inside["/".join(node)] = holder
    kept = sorted(resolved.kept, key=registry.index)
    for row in kept:
        if row.counted == "repeated":
            raise UsageError(
                f"{row.name} counts repeats, not how much text there is; {_instead(row, registry, lineage)}"
            )
    counted = _without_known_overlaps({row.name: amounts[row.name] for row in kept}, kept, lineage)
    rewrites = {(edge.child, edge.child_component) for edge in lineage if edge.relation == "rewrite_of"}
    domains: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in kept:
        domains[row.domain].append(row)
    together = {domain: _together(rows, counted, rewrites) for domain, rows in sorted(domains.items())}
    return Union(together, inside, tuple(dict.fromkeys(uncounted)))


class _Held:
    """Who holds whose text: which nodes can be reached from which."""

    def __init__(self, registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> None:
        self._rows = {(row.corpus, row.component): row for row in registry}
        self._corpora = {row.corpus for row in registry}
        self._above: dict[Node, set[Node]] = defaultdict(set)
        self._reached: dict[Node, frozenset[Node]] = {}
        self.of: dict[str, list[PublishedCorpus]] = defaultdict(list)
        for row in registry:
            self._place((row.corpus, row.component))
            self.of[row.corpus].append(row)
        for edge in lineage:
            child = self._place((edge.child, edge.child_component))
            parent = self._place((edge.parent, edge.parent_component))
            if edge.relation in INSIDE:
                self._above[child].add(parent)
            if edge.relation in {"contains", "recount_of"}:  # a recount is the same text: each holds the other
                self._above[parent].add(child)

    def _place(self, end: Node) -> Node:
        """The node of an end, with the edges that its extent gives it."""
        node = self.node(end)
        corpus = (end[0], "")
        if node != corpus and end[0] in self._corpora:
            row = self._rows.get(end)
            low, high = (corpus, node) if row is not None and row.extent == "superset" else (node, corpus)
            self._above[low].add(high)
        return node

    def node(self, end: Node) -> Node:
        """Where a row, or what is none, stands: a row that is all of its corpus stands for it."""
        row = self._rows.get(end)
        return (end[0], "") if row is not None and row.extent == "whole" else end

    def by(self, node: Node) -> frozenset[Node]:
        """All nodes that hold the text of this one, itself among them."""
        if node not in self._reached:
            found, waiting = {node}, [node]
            while waiting:
                new = self._above.get(waiting.pop(), set()) - found
                found |= new
                waiting += new
            self._reached[node] = frozenset(found)
        return self._reached[node]

    def same(self, node: Node) -> Node:
        """One node for all that hold the same text as this one."""
        return min(other for other in self.by(node) if node in self.by(other))

    def strictly(self, node: Node) -> set[Node]:
        """Nodes, one for all of the same text, that hold this one's text and more."""
        return {self.same(other) for other in self.by(node)} - {self.same(node)}


@dataclass(slots=True)
class _Resolved:
    """Which of the named rows count, and what the others are inside of.

    Attributes:
        kept: rows that count.
        inside: name of a row -> what holds its text.
    """

    held: _Held
    named: list[PublishedCorpus]
    amounts: Mapping[str, Amount]
    kept: list[PublishedCorpus] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)
    _by_parts: dict[Node, str] = field(default_factory=dict)  # text -> corpus whose disjoint parts stand for it
    _row: dict[Node, PublishedCorpus] = field(default_factory=dict)  # text -> row that stands for it

    def __post_init__(self) -> None:
        by_text: dict[Node, list[PublishedCorpus]] = defaultdict(list)
        for row in self.named:
            if row.name in self.amounts:
                by_text[self._text(row)].append(row)
        whole = [corpus for corpus in {row.corpus for row in self.named} if self._in_parts(corpus)]
        present = {*by_text, *(self.held.same((corpus, "")) for corpus in whole)}
        for corpus in sorted(whole):
            self._by_parts.setdefault(self.held.same((corpus, "")), corpus)
        for text, rows in by_text.items():
            if text not in self._by_parts:
                self._row[text] = min(rows, key=lambda row: self._order(row, present))
        for text, rows in by_text.items():
            holder = self._above(text)
            for row in rows:
                if holder is None and row is self._row.get(text):
                    self.kept.append(row)
                else:
                    self.inside[row.name] = holder or self._label(text)

    def holder(self, node: Node) -> str | None:
        """What counts and holds the text of a node that is no row; None: nothing does."""
        text = self.held.same(node)
        present = self._by_parts.keys() | self._row.keys()
        found = [text] if text in present else sorted(self.held.strictly(node) & present)
        return self._label(found[0]) if found else None

    def _text(self, row: PublishedCorpus) -> Node:
        return self.held.same(self.held.node((row.corpus, row.component)))

    def _parts(self, corpus: str) -> set[Node]:
        return {self._text(row) for row in self.held.of[corpus] if row.extent == "part"}

    def _in_parts(self, corpus: str) -> bool:
        """Whether all the disjoint parts that a corpus's name stands for are named."""
        standard = [row for row in self.held.of[corpus] if row.standard]
        return bool(standard) and all(row.extent == "part" and row in self.named for row in standard)

    def _order(self, row: PublishedCorpus, present: set[Node]) -> tuple[bool, bool, int, float, str]:
        """Which row of one text counts: of the outermost corpus, standard, least repetitive, largest."""
        corpus_inside = bool(self.held.strictly((row.corpus, "")) & present)
        size = self.amounts[row.name].middle
        return corpus_inside, not row.standard, _RANK[row.counted], -size, row.name

    def _above(self, text: Node) -> str | None:
        """What else is named and holds this text and more; None: nothing.

        A corpus that stands there by its parts does not hold one of them: the part is what is counted of it.
        """
        for other in sorted(self.held.strictly(text) & (self._by_parts.keys() | self._row.keys())):
            corpus = self._by_parts.get(other)
            if corpus is None or text not in self._parts(corpus):
                return self._label(other)
        return None

    def _label(self, text: Node) -> str:
        return self._by_parts.get(text) or self._row[text].name


def _known_of(node: Node, lineage: Sequence[Lineage]) -> str:
    """Where the text of a node that is no row is from."""
    related = [
        f"{edge.relation.replace('_', ' ')} {edge.parent}/{edge.parent_component}"
        for edge in lineage
        if (edge.child, edge.child_component) == node and edge.relation in INSIDE
    ] + [
        f"part of {edge.child}/{edge.child_component}"
        for edge in lineage
        if (edge.parent, edge.parent_component) == node and edge.relation == "contains"
    ]
    return f"it is {' and '.join(related)}: name that" if related else "nothing says how much text it holds"


def _instead(row: PublishedCorpus, registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> str:
    """What to name in place of a row that counts repeats."""
    if any(other.corpus == row.corpus and other.standard for other in registry):
        return f"name {row.corpus}"
    repeated = [
        f"{edge.parent}/{edge.parent_component}"
        for edge in lineage
        if edge.child == row.corpus and edge.relation == "upsample_of"
    ]
    return f"name what it repeats, {' and '.join(repeated)}" if repeated else "what it repeats is not known"


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
