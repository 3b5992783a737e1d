"""Text that is counted in two domains, by lineage: a union joins corpora within a domain only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tokaudit.catalog.reference.corpora import Lineage, Node, PublishedCorpus
from tokaudit.supply.published.disjoint import DomainUnion
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.types import TokenBounds


@dataclass(frozen=True, slots=True)
class CrossDomainOverlap:
    """Two rows of different domains, one of which contains text of the other.

    Attributes:
        holder: the row that contains text of the other.
        other: the other row.
        domain: the smaller of the two domains, whose low bound leaves the shared tokens out.
        tokens: the largest possible number of shared tokens.
    """

    holder: PublishedCorpus
    other: PublishedCorpus
    domain: str
    tokens: float


def cross_domain_overlap(
    domains: Mapping[str, DomainUnion], amounts: Mapping[str, TokenBounds], graph: LineageGraph
) -> list[CrossDomainOverlap]:
    """The known overlaps between domains, each pair of rows once.

    Args:
        domains: the text that is counted.
        amounts: name of a row -> its tokens.
        graph: all rows, and which contains which.
    """
    rows = [row for part in domains.values() for row in part.rows]
    found: dict[frozenset[str], CrossDomainOverlap] = {}
    for edge in graph.lineage:
        for holder, other in _joined(edge, rows, graph):
            smaller, larger = sorted((holder, other), key=lambda row: (domains[row.domain].amount.middle, row.domain))
            most = min(amounts[smaller.name].low, amounts[larger.name].high)
            if edge.fraction is not None:
                most = min(most, edge.fraction * amounts[holder.name].high)
            pair = frozenset((holder.name, other.name))
            if pair not in found or most > found[pair].tokens:
                found[pair] = CrossDomainOverlap(holder, other, smaller.domain, most)
    return list(found.values())


def without_overlap(domains: Mapping[str, DomainUnion], shared: Sequence[CrossDomainOverlap]) -> dict[str, DomainUnion]:
    """The domains, with low bounds that leave out text that another domain also contains."""
    twice: dict[str, float] = defaultdict(float)
    for each in shared:
        twice[each.domain] += each.tokens
    return {
        domain: replace(part, amount=replace(part.amount, low=max(0.0, part.amount.low - twice[domain])))
        for domain, part in domains.items()
    }


def _joined(
    edge: Lineage, rows: Sequence[PublishedCorpus], graph: LineageGraph
) -> Iterator[tuple[PublishedCorpus, PublishedCorpus]]:
    """Pairs of rows of two domains that an overlap concerns: the row that contains text, and the row it is from."""
    if edge.relation != "overlaps":
        return
    for holder in rows:
        if _holds(holder, edge.below, graph):
            for other in rows:
                if other.domain != holder.domain and other.corpus != holder.corpus and _holds(other, edge.above, graph):
                    yield holder, other


def _holds(row: PublishedCorpus, end: Node, graph: LineageGraph) -> bool:
    """Whether a row contains the text of an end of lineage, or is a part of it."""
    node = graph.node(end)
    return graph.node(row.node) in graph.holders_or_self(node) or (row.extent == "part" and node == (row.corpus, ""))
