"""Synthetic and translated text of published corpora: kept apart from natural text, and counted if that is asked for.

It rewrites text that other corpora contain, so a union in which both are named leaves it out. Counted as supply, it
stands in a domain of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from tokaudit.catalog.reference.corpora import Node, PublishedCorpus
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.union import Union, union
from tokaudit.supply.types import TokenBounds

SYNTHETIC: Final = "synthetic"
"""The domain of text that a model wrote, rephrased or translated."""


def with_synthetic_parts(rows: Sequence[PublishedCorpus], graph: LineageGraph) -> list[PublishedCorpus]:
    """The rows, and the synthetic parts of each corpus of which all standard rows are among them.

    Args:
        rows: named rows.
        graph: all rows.
    """
    found = dict.fromkeys(rows)
    for corpus in dict.fromkeys(row.corpus for row in rows):
        standard = [row for row in graph.rows_of[corpus] if row.standard]
        if standard and all(row in found for row in standard):
            found |= dict.fromkeys(row for row in graph.rows_of[corpus] if _is_synthetic_part(row))
    return list(found)


def union_with_synthetic(
    named: Sequence[PublishedCorpus],
    unlisted: Collection[Node],
    amounts: Mapping[str, TokenBounds],
    graph: LineageGraph,
) -> Union:
    """The union of the natural rows, and apart from it that of the synthetic ones.

    A synthetic row counts although the text that it rewrites is named. Rewrites of the same text still count once.

    Args:
        named: rows, in any order.
        unlisted: named ends of lineage that are not rows.
        amounts: name of a row -> its tokens; a row without tokens is not counted.
        graph: all rows, and which contains which.

    Raises:
        UsageError: as `union`.
    """
    natural = union([row for row in named if row.domain != SYNTHETIC], unlisted, amounts, graph)
    synthetic = union([row for row in named if row.domain == SYNTHETIC], (), amounts, graph)
    return Union(
        dict(sorted({**natural.domains, **synthetic.domains}.items())),
        {**natural.inside, **synthetic.inside},
        tuple(sorted({*natural.uncounted, *synthetic.uncounted})),
    )


def _is_synthetic_part(row: PublishedCorpus) -> bool:
    return row.domain == SYNTHETIC and row.extent in {"part", "other"} and row.counted != "repeated"
