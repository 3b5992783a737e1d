"""The union of published corpora: how much text several hold together, when they hold each other's.

What is inside of something else that is named adds nothing, but a whole is no less than its part. Of the rest, parts
of one corpus are added, for they are disjoint; of corpora that nothing is known about, no more than the largest is
counted.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokaudit.catalog.reference.corpora import INSIDE, Lineage, Node, PublishedCorpus, Relation
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.containment import Containment
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
_ONE_LANGUAGE: Final = re.compile("[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class DomainUnion:
    """What of a union is of one domain.

    Attributes:
        amount: tokens; the middle one is what to count: never more than they must be together.
        rows: what it is made of, in the registry's order.
        may_overlap: corpora (by name) of which nothing says that they don't hold each other's text; empty: none.
        at_least: name of a row that adds nothing, but has more tokens than are counted of what holds it; None: none.
    """

    amount: TokenBounds
    rows: tuple[PublishedCorpus, ...]
    may_overlap: tuple[str, ...]
    at_least: str | None = None


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
    resolved = Containment(graph, list(dict.fromkeys(named)), amounts)
    inside = dict(resolved.inside)
    uncounted = []
    for row in named:
        if row.name not in amounts:
            if holder := resolved.holder(row.node):
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
    rewrites = {edge.below for edge in lineage if edge.relation == "rewrite_of"}
    domains: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in kept:
        domains[row.domain].append(row)
    together = {}
    within = [row for row in dict.fromkeys(named) if row.name in amounts and row not in resolved.kept]
    partly = [row for row in within if _is_partly_inside(row, resolved, graph)]
    for domain, rows in sorted(domains.items()):
        beside = _shares(*_beside(rows, resolved.within, amounts, counted), rewrites)
        more = sum(amounts[row.name].high for row in partly if row.domain == domain)
        found = _together(_shares(rows, counted, rewrites), beside, more, tuple(rows))
        held = [
            row
            for row in within
            if row.domain == domain and row.node not in rewrites and _is_held(row, inside[row.name], rows)
        ]
        together[domain] = _no_less_than_its_parts(found, held, amounts)
    return Union(together, inside, tuple(sorted(set(uncounted))))


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


def _beside(
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


_Share = tuple[str, str | None, TokenBounds]


def _shares(
    rows: Sequence[PublishedCorpus], amounts: Mapping[str, TokenBounds], rewrites: Collection[Node]
) -> list[_Share]:
    return [(_disjoint(row, rewrites), _language(row), amounts[row.name]) for row in rows]


def _is_partly_inside(row: PublishedCorpus, resolved: Containment, graph: LineageGraph) -> bool:
    """Whether a row that adds nothing is derived from something else, too, of which nothing is there."""
    return any(
        edge.relation == "derived_from"
        and graph.node(edge.below) == graph.node(row.node)
        and resolved.holder(edge.above) is None
        for edge in graph.lineage
    )


def _together(
    shares: Sequence[_Share], beside: Sequence[_Share], more: float, rows: tuple[PublishedCorpus, ...]
) -> DomainUnion:
    """Rows of one domain: no less than the sum of what is known to be disjoint, no more than the sum of all.

    Args:
        shares: of the rows.
        beside: of parts that are inside of other rows, and disjoint from the rest of their corpora.
        more: what rows may add that are only partly inside of these.
        rows: the rows.
    """
    sure = [*shares, *beside]
    low = _surely([(block, language, amount.low) for block, language, amount in sure])
    middle = _surely([(block, language, amount.middle) for block, language, amount in sure])
    high = sum(amount.high for _, _, amount in shares) + more
    bounded = middle < (1 - 1e-9) * sum(amount.middle for _, _, amount in shares)
    may_overlap = tuple(dict.fromkeys(block for block, _, _ in shares)) if bounded else ()
    return DomainUnion(TokenBounds(low, middle, max(middle, high)), rows, may_overlap)


def _is_held(row: PublishedCorpus, holder: str, rows: Sequence[PublishedCorpus]) -> bool:
    """Whether one of these rows holds a row's text and is counted alike.

    Tokens that leave out other duplicates are another quantity: a nominal part may be more than its whole without
    near-duplicates.
    """
    return any(each.name == holder and each.counted == row.counted for each in rows)


def _no_less_than_its_parts(
    found: DomainUnion, held: Sequence[PublishedCorpus], amounts: Mapping[str, TokenBounds]
) -> DomainUnion:
    """What was found, but no less than what it holds; of two counts of a whole corpus the one that stands for it."""
    amount = found.amount
    wholes = {row.corpus for row in found.rows if row.extent == "whole"}
    parts = [row for row in held if not (row.extent == "whole" and row.corpus in wholes)]
    low = max([amount.low, *(amounts[row.name].low for row in parts)])
    middle = max([amount.middle, *(amounts[row.name].middle for row in parts)])
    high = max([amount.high, *(amounts[row.name].high for row in held)])
    larger = [row.name for row in parts if amounts[row.name].middle == middle > amount.middle]
    return replace(found, amount=TokenBounds(low, middle, high), at_least=min(larger, default=None))


def _disjoint(row: PublishedCorpus, rewrites: Collection[Node]) -> str:
    """Rows of one name here are disjoint: parts of one corpus, unless several retell the same documents."""
    return row.corpus if row.extent == "part" and row.node not in rewrites else row.name


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
