"""From near texts to who counts: groups and the kept document. Pure functions on arrays; no file, no database.

Texts are what is compared; documents are what counts. Two documents with the same text share its key.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tokaudit.keys import positions, unique
from tokaudit.records import Int64, UInt64


def components(pairs: Int64, nodes: int) -> Int64:
    """The connected component, from 0, of each of so many nodes."""
    graph = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    labels: Int64 = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def number_texts(keys: UInt64, links: UInt64) -> tuple[Int64, Int64]:
    """A number from 0 for the text of each document, and the links as pairs (m, 2) of such numbers.

    Args:
        keys: the documents' texts, (n, 2).
        links: near-duplicate texts, (m, 4): two keys side by side. Those of texts that no document has are dropped.
    """
    texts, _ = unique(keys)
    ends = np.column_stack([positions(texts, links[:, :2]), positions(texts, links[:, 2:])])
    return positions(texts, keys), ends[(ends >= 0).all(axis=1)]


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Documents that do not count in their row, by position in the arrays that were given.

    Attributes:
        document: which.
        kept: the document that counts in its place.
        exact_copy: whether an earlier document of the row has the very same text.
    """

    document: Int64
    kept: Int64
    exact_copy: npt.NDArray[np.bool_]


def uncounted(row: Int64, text: Int64, rank: Int64, links: Int64) -> Uncounted:
    """Which documents do not count, each row (a domain, a source …) by itself.

    Args:
        row: the row each document belongs to.
        text: which text it has, from 0.
        rank: its place among all documents in the order that decides who is kept; the least is.
        links: pairs of near-duplicate texts (m, 2); in a row only pairs count that have both texts in it.
    """
    documents = pd.DataFrame({"row": row, "text": text})
    node = documents.groupby(["row", "text"], sort=False).ngroup().to_numpy().astype(np.int64)
    held = documents.assign(node=node).drop_duplicates()
    ends = pd.DataFrame({"text": links[:, 0], "other": links[:, 1]}).merge(held, on="text")
    ends = ends.merge(held, left_on=["row", "other"], right_on=["row", "text"], suffixes=("_a", "_b"))
    edges = ends[["node_a", "node_b"]].to_numpy(np.int64)
    group = components(edges, int(node.max()) + 1 if len(node) else 0)[node]
    kept = _least(group, rank)
    drops = np.flatnonzero(kept != np.arange(len(row)))
    return Uncounted(drops, kept[drops], (_least(node, rank) != np.arange(len(row)))[drops])


def _least(group: Int64, rank: Int64) -> Int64:
    """For each member, the position of the member of its group with the least rank."""
    order = np.argsort(rank, kind="stable")
    _, first, inverse = np.unique(group[order], return_index=True, return_inverse=True)
    least = np.empty(len(group), np.int64)
    least[order] = order[first[inverse]]
    return least
