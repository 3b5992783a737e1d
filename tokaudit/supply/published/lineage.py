"""Who holds whose text: corpora as a graph, whose edges lead to what holds a text."""

from collections import defaultdict
from collections.abc import Sequence

from tokaudit.catalog.reference.corpora import INSIDE, Lineage, Node, PublishedCorpus


class LineageGraph:
    """What is published of who holds whose text.

    Args:
        registry: all rows.
        lineage: how they relate, and other texts with them.

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
            if edge.relation in {"contains", "recount_of"}:  # a recount is the same text: each holds the other
                self._above[parent].add(child)

    def _place(self, end: Node) -> Node:
        """The node of an end, with the edges that its extent gives it."""
        node = self.node(end)
        corpus = (end[0], "")
        if node != corpus and end[0] in self._corpora:
            row = self._rows.get(end)
            if row is None or row.extent != "other":
                self._above[node].add(corpus)
        return node

    def node(self, end: Node) -> Node:
        """Where a row, or what is none, stands: a row that is all of its corpus stands for it."""
        row = self._rows.get(end)
        return (end[0], "") if row is not None and row.extent == "whole" else end

    def holders_or_self(self, node: Node) -> frozenset[Node]:
        """All nodes that hold the text of this one, itself among them."""
        if node not in self._reached:
            found, waiting = {node}, [node]
            while waiting:
                new = self._above.get(waiting.pop(), set()) - found
                found |= new
                waiting += new
            self._reached[node] = frozenset(found)
        return self._reached[node]

    def representative(self, node: Node) -> Node:
        """One node for all that hold the same text as this one."""
        return min(other for other in self.holders_or_self(node) if node in self.holders_or_self(other))

    def holders(self, node: Node) -> set[Node]:
        """Nodes, one for all of the same text, that hold this one's text and more."""
        return {self.representative(other) for other in self.holders_or_self(node)} - {self.representative(node)}
