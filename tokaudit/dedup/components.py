"""From links to who counts: connected components and the kept document. Pure functions on arrays.

Texts are what is compared; documents are what counts. Two documents with the same text share its key.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tokaudit.core.text_keys import positions
from tokaudit.core.types import Int64, UInt64
from tokaudit.measure.kernels.face import merge_links


def number_texts(keys: UInt64, links: UInt64) -> tuple[Int64, Int64]:
    """A number from 0, in order of key, for the text of each document; and the links as pairs (m, 2) of such numbers.

    Args:
        keys: the documents' texts, (n, 2).
        links: near-duplicate texts, (m, 4): two keys side by side. Those of texts that no document has are dropped.
    """
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    ordered = keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    text = np.empty(len(keys), np.int64)
    text[order] = np.cumsum(first) - 1
    texts = ordered[first]
    ends = np.column_stack([positions(texts, links[:, :2]), positions(texts, links[:, 2:])])
    return text, ends[(ends >= 0).all(axis=1)]


def roots_of(texts: int, links: Iterable[Int64]) -> Int64:
    """For each of so many texts the least of those that it hangs together with, by links that come some at a time.

    Args:
        texts: how many; they have numbers from 0.
        links: arrays of pairs (m, 2).
    """
    roots, everyone = np.arange(texts), np.arange(texts + 1)
    for some in links:
        merge_links(roots, some, everyone, np.zeros(texts, np.int64), everyone[:-1])
    return roots


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Documents that do not count in their row, by position in the arrays that were given.

    Attributes:
        document: which, in order.
        representative: the document that counts in its place.
        exact_copy: whether an earlier document of the row has the very same text.
    """

    document: Int64
    representative: Int64
    exact_copy: npt.NDArray[np.bool_]


def duplicates_of(row: Int64, text: Int64, links: Int64) -> Duplicates:
    """Which documents do not count, each row (a domain, a source …) by itself.

    Args:
        row: the row that each document belongs to, from 0. Documents are in the order that decides who is kept.
        text: which text it has, from 0.
        links: pairs of near-duplicate texts (m, 2); in a row only pairs count that have both texts in it.
    """
    everyone = np.arange(len(row))
    rows = int(row.max(initial=0)) + 1
    held, first, inverse = np.unique(text * rows + row, return_index=True, return_inverse=True)
    representative = first[inverse]  # the earliest document of the row with the very same text
    exact_copy = representative != everyone
    texts = int(max(text.max(initial=-1), links.max(initial=-1))) + 1
    begin = np.searchsorted(held, np.arange(texts + 1) * rows)
    merge_links(representative, links, begin, held % rows, first)
    drops = np.flatnonzero(representative != everyone)
    return Duplicates(drops, representative[drops], exact_copy[drops])
