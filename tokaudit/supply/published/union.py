"""The union of published corpora: how much text several hold together, when they hold each other's.

What is inside of something else that is named adds nothing, but a whole is no less than its part. Of the rest, parts
of one corpus are added, for they are disjoint; of corpora that nothing is known about, no more than the largest is
counted.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tokaudit.catalog.reference.corpora import INSIDE, Lineage, Node, PublishedCorpus, Relation
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.containment import Containment
from tokaudit.supply.published.disjoint import DomainUnion, add_disjoint, no_less_than_its_parts, shares_of
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.types import TokenBounds

_RELATION: Final[dict[Relation, str]] = {
    "subset_of": "a subset of",
    "dedup_of": "a deduplication of",
    "recount_of": "a recount of",
    "derived_from": "derived from",
    "rewrite_of": "a rewrite of",
    "upsample_of": "an upsampling of",
}


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
    amounts: Mapping[str, TokenBounds],
    graph: LineageGraph,
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
    containment = Containment(graph, list(dict.fromkeys(named)), amounts)
    kept = sorted(containment.kept, key=graph.registry.index)
    inside, uncounted = _place_of_each(named, unlisted, amounts, containment, lineage)
    _check_no_repeats(kept, graph.registry, lineage)
    counted = _without_known_overlaps({row.name: amounts[row.name] for row in kept}, kept, lineage)
    within = [row for row in dict.fromkeys(named) if row.name in amounts and row not in containment.kept]
    join = partial(
        _union_of_domain, within=within, inside=inside, amounts=amounts, counted=counted, containment=containment
    )
    domains: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in kept:
        domains[row.domain].append(row)
    return Union({domain: join(domain, rows, graph) for domain, rows in sorted(domains.items())}, inside, uncounted)


def _place_of_each(
    named: Collection[PublishedCorpus],
    unlisted: Collection[Node],
    amounts: Mapping[str, TokenBounds],
    containment: Containment,
    lineage: Sequence[Lineage],
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is named and adds nothing -> what holds it; and names of rows that nothing holds and nobody has counted."""
    inside, uncounted = dict(containment.inside), set()
    for row in named:
        if row.name in amounts:
            continue
        if holder := containment.holder(row.node):
            inside[row.name] = holder
        else:
            uncounted.add(row.name)
    for node in unlisted:
        holder = containment.holder(node)
        if holder is None:
            raise UsageError(f"{'/'.join(node)} is not in the registry; {_known_of(node, lineage)}")
        inside["/".join(node)] = holder
    return inside, tuple(sorted(uncounted))


def _check_no_repeats(
    kept: Sequence[PublishedCorpus], registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]
) -> None:
    for row in kept:
        if row.counted == "repeated":
            instead = _instead(row, registry, lineage)
            raise UsageError(f"{row.name} counts repeats, not how much text there is; {instead}")


def _union_of_domain(
    domain: str,
    rows: Sequence[PublishedCorpus],
    graph: LineageGraph,
    *,
    within: Sequence[PublishedCorpus],
    inside: Mapping[str, str],
    amounts: Mapping[str, TokenBounds],
    counted: Mapping[str, TokenBounds],
    containment: Containment,
) -> DomainUnion:
    """What the rows of one domain hold together.

    Args:
        domain: the domain.
        rows: those of it that count, in the registry's order.
        graph: what is known of who holds whose text.
        within: rows of any domain that are named and add nothing.
        inside: name of such a row -> what holds its text.
        amounts: name of a row -> its tokens.
        counted: the same without what another part of the same corpus holds, of rows that count.
        containment: which rows count.
    """
    rewrites = {edge.below for edge in graph.lineage if edge.relation == "rewrite_of"}
    inner_parts = shares_of(*_inner_parts(rows, containment.within, amounts, counted), rewrites)
    own = [row for row in within if row.domain == domain]
    more = sum(amounts[row.name].high for row in own if _is_partly_inside(row, containment, graph))
    found = add_disjoint(shares_of(rows, counted, rewrites), inner_parts, more, tuple(rows))
    held = [row for row in own if row.node not in rewrites and _is_held(row, inside[row.name], rows)]
    return no_less_than_its_parts(found, held, amounts)


def _known_of(node: Node, lineage: Sequence[Lineage]) -> str:
    """Where the text of a node that is no row is from."""
    known = [
        f"{_RELATION[edge.relation]} {'/'.join(edge.above)}"
        for edge in lineage
        if edge.below == node and edge.relation in INSIDE
    ]
    known += [
        f"a part of {'/'.join(edge.below)}" for edge in lineage if edge.above == node and edge.relation == "contains"
    ]
    return f"it is {' and '.join(known)}: name that" if known else "nothing says how much text it holds"


def _instead(row: PublishedCorpus, registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> str:
    """What to name in place of a row that counts repeats."""
    if any(other.corpus == row.corpus and other.standard for other in registry):
        return f"name {row.corpus}"
    repeated = [
        "/".join(edge.above)
        for edge in lineage
        if edge.relation == "upsample_of" and edge.child == row.corpus
        if edge.child_component == row.component or row.extent != "whole"
    ]
    return f"name what it repeats: {' or '.join(repeated)}" if repeated else "what it repeats is not known"


def _without_known_overlaps(
    amounts: Mapping[str, TokenBounds], rows: Sequence[PublishedCorpus], lineage: Sequence[Lineage]
) -> dict[str, TokenBounds]:
    """Amounts without the known share of a part's tokens that another part of the same corpus holds, too."""
    parts = {row.node for row in rows if row.extent == "part"}
    twice: dict[str, float] = defaultdict(float)
    for edge in lineage:
        both_parts = {edge.below, edge.above} <= parts
        if edge.relation == "overlaps" and edge.child == edge.parent and edge.fraction and both_parts:
            twice["/".join(edge.below)] += edge.fraction
    return {name: amount.times(1 - min(1.0, twice[name])) for name, amount in amounts.items()}


def _inner_parts(
    rows: Sequence[PublishedCorpus],
    within: Mapping[PublishedCorpus, PublishedCorpus],
    amounts: Mapping[str, TokenBounds],
    counted: Mapping[str, TokenBounds],
) -> tuple[list[PublishedCorpus], dict[str, TokenBounds]]:
    """Parts that don't count, as others hold them, of corpora whose other parts do: they are disjoint from these."""
    corpora = {row.corpus for row in rows if row.extent == "part"}
    parts = [
        row
        for row, holder in within.items()
        if row.extent == "part" and row.corpus in corpora and row.domain == rows[0].domain == holder.domain
    ]
    known = {}
    for row in parts:
        own, most = amounts[row.name], counted[within[row].name]
        known[row.name] = TokenBounds(min(own.low, most.low), min(own.middle, most.middle), 0.0)
    return parts, known


def _is_partly_inside(row: PublishedCorpus, containment: Containment, graph: LineageGraph) -> bool:
    """Whether a row that adds nothing is derived from something else, too, of which nothing is there."""
    return any(
        edge.relation == "derived_from"
        and graph.node(edge.below) == graph.node(row.node)
        and containment.holder(edge.above) is None
        for edge in graph.lineage
    )


def _is_held(row: PublishedCorpus, holder: str, rows: Sequence[PublishedCorpus]) -> bool:
    """Whether one of these rows holds a row's text and is counted alike.

    Tokens that leave out other duplicates are another quantity: a nominal part may be more than its whole without
    near-duplicates.
    """
    return any(each.name == holder and each.counted == row.counted for each in rows)
