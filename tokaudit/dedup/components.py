"""Connected components of linked texts, and the document that is kept of each. Pure functions on arrays.

Texts are compared, documents are counted. Documents with the same text share its key.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tokaudit.core.kernels.face import merge_links
from tokaudit.core.text_keys import positions
from tokaudit.core.types import Int64, UInt64


def number_texts(keys: UInt64, links: UInt64) -> tuple[Int64, Int64]:
    """The number of each document's text, from 0 in order of key; and the links as pairs (m, 2) of these numbers.

    Args:
        keys: keys of the documents' texts, (n, 2).
        links: the two keys of each pair of near-duplicate texts, (m, 4); texts without a document are dropped.
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
    """The smallest text of each text's connected component.

    Args:
        texts: number of texts, which are numbered from 0.
        links: batches of linked pairs (m, 2).
    """
    roots, everyone = np.arange(texts), np.arange(texts + 1)
    for some in links:
        merge_links(roots, some, everyone, np.zeros(texts, np.int64), everyone[:-1])
    return roots


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Documents that do not count in their row, by position in the given arrays.

    Attributes:
        document: the documents, in order.
        representative: the document that counts instead.
        exact_copy: whether an earlier document of the row has the same text.
    """

    document: Int64
    representative: Int64
    exact_copy: npt.NDArray[np.bool_]


def duplicates_of(row: Int64, text: Int64, links: Int64) -> Duplicates:
    """The documents that do not count. Each row (a domain, a source, …) is deduplicated by itself.

    Args:
        row: the row of each document, from 0. Of a group, the first document is kept.
        text: the text of each document, from 0.
        links: pairs of near-duplicate texts (m, 2). A pair links a row's texts only if both are in that row.
    """
    everyone = np.arange(len(row))
    rows = int(row.max(initial=0)) + 1
    held, first, inverse = np.unique(text * rows + row, return_index=True, return_inverse=True)
    representative = first[inverse]  # the first document of the row with the same text
    exact_copy = representative != everyone
    texts = int(max(text.max(initial=-1), links.max(initial=-1))) + 1
    begin = np.searchsorted(held, np.arange(texts + 1) * rows)
    merge_links(representative, links, begin, held % rows, first)
    drops = np.flatnonzero(representative != everyone)
    return Duplicates(drops, representative[drops], exact_copy[drops])
