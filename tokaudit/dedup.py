"""From keys to who counts: candidates, groups and the kept document. Pure functions on arrays; no file, no database.

Texts are what is compared; documents are what counts. Two documents with the same text share its key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tokaudit.keys import positions, unique
from tokaudit.records import Int64, UInt64

BORDERLINE: Final = (0.65, 0.95)
"""Estimates in this range are verified by reading the texts again; outside, 128 permutations decide."""

_PARTITION_ENTRIES: Final = 16_000_000
_PAIRS_AT_ONCE: Final = 4_000_000


def candidates(bands: UInt64, new: npt.NDArray[np.bool_]) -> Int64:
    """Pairs of texts that share a band key, at least one of the two new: (m, 2), first < second, sorted, distinct.

    Args:
        bands: band keys, shape (texts, bands), of distinct texts.
        new: which texts have not been compared yet; pairs of two old texts are known already.

    Memory grows with the entries of one partition of the band keys, not with all of them.
    """
    partitions = max(1, int(np.ceil(bands.size / _PARTITION_ENTRIES)))
    wanted = np.unique(bands[new])
    found = [np.empty((0, 2), np.int64)]
    for partition in range(partitions):
        here = wanted[wanted % np.uint64(partitions) == partition]
        for column in range(bands.shape[1]):
            keys = bands[:, column]
            place = np.searchsorted(here, keys)
            texts = np.flatnonzero(here.take(place, mode="clip") == keys) if len(here) else place[:0]
            found.extend(_pairs_in_buckets(keys[texts], texts, new))
    return distinct_pairs(np.concatenate(found))


def distinct_pairs(pairs: Int64) -> Int64:
    """Pairs (m, 2) sorted, each once."""
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    first = np.ones(len(ordered), bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return ordered[first]


def _pairs_in_buckets(keys: UInt64, texts: Int64, new: npt.NDArray[np.bool_]) -> Iterator[Int64]:
    """All pairs of texts with equal keys, some at a time, at least one of the two new."""
    order = np.lexsort((texts, keys))
    keys, texts = keys[order], texts[order]
    last = np.searchsorted(keys, keys, "right")
    partners = last - np.arange(len(keys)) - 1  # later members of the same bucket
    edges = np.r_[0, np.cumsum(partners)]
    begin = 0
    while begin < len(keys):
        end = max(begin + 1, int(np.searchsorted(edges, edges[begin] + _PAIRS_AT_ONCE, "right")) - 1)
        first = np.repeat(np.arange(begin, end), partners[begin:end])
        second = first + 1 + np.arange(len(first)) - np.repeat(edges[begin:end] - edges[begin], partners[begin:end])
        pairs = np.column_stack([texts[first], texts[second]])
        yield pairs[new[pairs].any(axis=1)]
        begin = end


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
