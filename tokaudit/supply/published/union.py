"""The union of published corpora: the amount of text in several, if they contain each other's text.

A text inside another named one adds nothing, but a whole is at least as large as its part. Of the rest, parts of one
corpus are added, because they are disjoint. Of corpora with an unknown overlap, only the largest is counted.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tokaudit.catalog.reference.corpora import INSIDE, Lineage, Node, PublishedCorpus, Relation
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.containment import Containment
from tokaudit.supply.published.disjoint import (
    DomainUnion,
    add_disjoint,
    blocks_made_apart,
    no_less_than_its_parts,
    shares_of,
)
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
        inside: name of a text that adds nothing -> what contains it, or represents the same text.
        uncounted: names of rows of unknown size that no other named text contains.
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
    """The text of the named rows together, by domain.

    Args:
        named: rows, in any order; repeating one changes nothing.
        unlisted: named ends of lineage that are not rows.
        amounts: name of a row -> its tokens; a row without tokens is not counted.
        graph: all rows, and which contains which.

    Raises:
        UsageError: an unlisted end is not inside a named row, or a row counts repeats and no other named row contains
            its text.
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
    """Named texts that add nothing -> what contains them; and names of rows of unknown size that nothing contains."""
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
            raise UsageError(f"{'/'.join(node)}: is not in the registry; {_known_of(node, lineage)}")
        inside["/".join(node)] = holder
    return inside, tuple(sorted(uncounted))


def _check_no_repeats(
    kept: Sequence[PublishedCorpus], registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]
) -> None:
    for row in kept:
        if row.counted == "repeated":
            instead = _instead(row, registry, lineage)
            raise UsageError(f"{row.name}: counts repeats, not unique text; {instead}")


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
    """The text of the rows of one domain together.

    Args:
        domain: the domain.
        rows: its rows that count, in the registry's order.
        graph: which rows contain which.
        within: named rows of any domain that add nothing.
        inside: name of such a row -> what contains its text.
        amounts: name of a row -> its tokens.
        counted: name of a row that counts -> its tokens without those of another part of the same corpus.
        containment: which rows count.
    """
    rewrites = {edge.below for edge in graph.lineage if edge.relation == "rewrite_of"}
    inner_parts = shares_of(*_inner_parts(rows, containment.within, amounts, counted), rewrites)
    own = [row for row in within if row.domain == domain]
    more = sum(amounts[row.name].high for row in own if _is_partly_inside(row, containment, graph))
    apart = blocks_made_apart(rows, rewrites, graph.lineage)
    found = add_disjoint(shares_of(rows, counted, rewrites), inner_parts, more, tuple(rows), apart)
    held = [row for row in own if row.node not in rewrites and _is_held(row, inside[row.name], rows)]
    return no_less_than_its_parts(found, held, amounts)


def _known_of(node: Node, lineage: Sequence[Lineage]) -> str:
    """What is known about a text that is not a row."""
    known = [
        f"{_RELATION[edge.relation]} {'/'.join(edge.above)}"
        for edge in lineage
        if edge.below == node and edge.relation in INSIDE
    ]
    known += [
        f"a part of {'/'.join(edge.below)}" for edge in lineage if edge.above == node and edge.relation == "contains"
    ]
    return f"it is {' and '.join(known)}: name that" if known else "its amount of text is not known"


def _instead(row: PublishedCorpus, registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage]) -> str:
    """What to name instead of a row that counts repeats."""
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
    """Amounts without the known share of a part's tokens that another part of the same corpus also contains."""
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
    """Parts inside other rows, of corpora with other parts that count: the two are disjoint."""
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
    """Whether a row that adds nothing is also derived from a text that is not named."""
    return any(
        edge.relation == "derived_from"
        and graph.node(edge.below) == graph.node(row.node)
        and containment.holder(edge.above) is None
        for edge in graph.lineage
    )


def _is_held(row: PublishedCorpus, holder: str, rows: Sequence[PublishedCorpus]) -> bool:
    """Whether one of these rows contains a row's text and is deduplicated in the same way.

    Otherwise sizes can't be compared: a nominal part may be larger than its whole without near-duplicates.
    """
    return any(each.name == holder and each.counted == row.counted for each in rows)
