"""The amount of text in several rows of one domain, given what is known to be disjoint."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Final

from tokaudit.catalog.reference.corpora import Lineage, Node, PublishedCorpus
from tokaudit.supply.types import TokenBounds

_ONE_LANGUAGE: Final = re.compile("[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class DomainUnion:
    """The part of a union in one domain.

    Attributes:
        amount: tokens; the middle one counts: the least that the rows can be together.
        rows: the rows that count, in the registry's order.
        may_overlap: names of corpora that may contain each other's text; empty: none.
        at_least: name of a row that adds nothing but has more tokens than the row that contains it; None: none.
        apart: pairs of names: a corpus that was made without the text of another, and that one; both count.
    """

    amount: TokenBounds
    rows: tuple[PublishedCorpus, ...]
    may_overlap: tuple[str, ...]
    at_least: str | None = None
    apart: tuple[tuple[str, str], ...] = ()


Share = tuple[str, str | None, TokenBounds]


def shares_of(
    rows: Sequence[PublishedCorpus], amounts: Mapping[str, TokenBounds], rewrites: Collection[Node]
) -> list[Share]:
    """For each row what makes it disjoint from others (its block and its language), and its tokens."""
    return [(_disjoint(row, rewrites), _language(row), amounts[row.name]) for row in rows]


def blocks_made_apart(
    rows: Sequence[PublishedCorpus], rewrites: Collection[Node], lineage: Sequence[Lineage]
) -> dict[str, str]:
    """Block of rows that were all made without another block -> that other block.

    Only one block joins another: two that leave out the same text may still share theirs.
    """
    blocks: dict[str, set[Node]] = defaultdict(set)
    for row in rows:
        blocks[_disjoint(row, rewrites)].add(row.node)
    without = {(edge.below, edge.above) for edge in lineage if edge.relation == "excludes"}
    joined: dict[str, str] = {}
    for (own, inside), (other, outside) in permutations(blocks.items(), 2):
        taken = {*joined, *joined.values()}
        if not {own, other} & taken and all(pair in without for pair in product(inside, outside)):
            joined[own] = other
    return joined


def add_disjoint(
    shares: Sequence[Share],
    inner_parts: Sequence[Share],
    more: float,
    rows: tuple[PublishedCorpus, ...],
    apart: Mapping[str, str],
) -> DomainUnion:
    """Rows of one domain together: at least the sum of what is known to be disjoint, at most the sum of all.

    Args:
        shares: the shares of the rows.
        inner_parts: the shares of parts inside other rows that are disjoint from the rest of their corpora.
        more: tokens that rows only partly inside these may add.
        rows: the rows.
        apart: block -> the block that it was made without. Both count, but the low bound takes one: that a text was
            left out does not say that no document of it occurs elsewhere.
    """
    sure = [*shares, *inner_parts]
    low = _surely([(block, language, amount.low) for block, language, amount in sure])
    middle = _surely([(apart.get(block, block), language, amount.middle) for block, language, amount in sure])
    high = sum(amount.high for _, _, amount in shares) + more
    bounded = middle < (1 - 1e-9) * sum(amount.middle for _, _, amount in shares)
    may_overlap = tuple(dict.fromkeys(block for block, _, _ in shares)) if bounded else ()
    amount = TokenBounds(low, middle, max(middle, high))
    return DomainUnion(amount, rows, may_overlap, apart=tuple(sorted(apart.items())))


def no_less_than_its_parts(
    found: DomainUnion, held: Sequence[PublishedCorpus], amounts: Mapping[str, TokenBounds]
) -> DomainUnion:
    """The union, raised to the size of its largest part; of two counts of a whole corpus, the standard one is used."""
    amount = found.amount
    wholes = {row.corpus for row in found.rows if row.extent == "whole"}
    parts = [row for row in held if not (row.extent == "whole" and row.corpus in wholes)]
    low = max([amount.low, *(amounts[row.name].low for row in parts)])
    middle = max([amount.middle, *(amounts[row.name].middle for row in parts)])
    high = max([amount.high, *(amounts[row.name].high for row in held)])
    larger = [row.name for row in parts if amounts[row.name].middle == middle > amount.middle]
    return replace(found, amount=TokenBounds(low, middle, high), at_least=min(larger, default=None))


def _disjoint(row: PublishedCorpus, rewrites: Collection[Node]) -> str:
    """The row's block: rows of one block are disjoint (parts of a corpus that do not rewrite the same documents)."""
    return row.corpus if row.extent == "part" and row.node not in rewrites else row.name


def _language(row: PublishedCorpus) -> str | None:
    return row.languages if _ONE_LANGUAGE.fullmatch(row.languages) else None


def _surely(shares: Sequence[tuple[str, str | None, float]]) -> float:
    """The least tokens that shares of (block, language, tokens) can be together.

    Blocks may contain the same text, but not across languages. So the sum is at least the largest block, and at least
    the largest blocks of each language added up.
    """
    blocks: dict[str, float] = defaultdict(float)
    languages: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for block, language, tokens in shares:
        blocks[block] += tokens
        if language is not None:
            languages[language][block] += tokens
    by_language = sum(max(of.values()) for of in languages.values())
    return max(by_language, *blocks.values())
