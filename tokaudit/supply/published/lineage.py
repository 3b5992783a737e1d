"""Which corpora contain which: a graph whose edges lead from a text to what contains it."""

from collections import defaultdict
from collections.abc import Sequence

from tokaudit.catalog.reference.corpora import INSIDE, Lineage, Node, PublishedCorpus


class LineageGraph:
    """The published relations between corpora.

    Args:
        registry: all rows.
        lineage: relations between rows, and with other texts.

    Attributes:
        registry, lineage: the same.
        rows_of: the rows of each corpus.
    """

    def __init__(self, registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> None:
        self.registry, self.lineage = registry, lineage
        self._rows = {row.node: row for row in registry}
        self._corpora = {row.corpus for row in registry}
        self._above: dict[Node, set[Node]] = defaultdict(set)
        self._reached: dict[Node, frozenset[Node]] = {}
        self.rows_of: dict[str, list[PublishedCorpus]] = defaultdict(list)
        for row in registry:
            self._place(row.node)
            self.rows_of[row.corpus].append(row)
        for edge in lineage:
            child, parent = self._place(edge.below), self._place(edge.above)
            if edge.relation in INSIDE:
                self._above[child].add(parent)
            if edge.relation in {"contains", "recount_of"}:  # a recount is the same text: each contains the other
                self._above[parent].add(child)

    def _place(self, end: Node) -> Node:
        """The node of an end; adds the edges that its extent implies."""
        node = self.node(end)
        corpus = (end[0], "")
        if node != corpus and end[0] in self._corpora:
            row = self._rows.get(end)
            if row is None or row.extent != "other":
                self._above[node].add(corpus)
        return node

    def node(self, end: Node) -> Node:
        """The node of a row or another text; a row that is all of its corpus is the corpus's node."""
        row = self._rows.get(end)
        return (end[0], "") if row is not None and row.extent == "whole" else end

    def holders_or_self(self, node: Node) -> frozenset[Node]:
        """All nodes that contain the text of this one, itself included."""
        if node not in self._reached:
            found, waiting = {node}, [node]
            while waiting:
                new = self._above.get(waiting.pop(), set()) - found
                found |= new
                waiting += new
            self._reached[node] = frozenset(found)
        return self._reached[node]

    def representative(self, node: Node) -> Node:
        """One node for all with the same text as this one."""
        return min(other for other in self.holders_or_self(node) if node in self.holders_or_self(other))

    def holders(self, node: Node) -> set[Node]:
        """Nodes that contain this one's text and more, one for each text."""
        return {self.representative(other) for other in self.holders_or_self(node)} - {self.representative(node)}
