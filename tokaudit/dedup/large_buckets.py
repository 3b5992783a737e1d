"""Large buckets: hundreds of near-duplicates of one text, too many to verify and store every pair.

A pair matters only if it joins two groups that are not joined yet. So only such pairs are tried, in each large bucket
and in each row of a scope by itself. They form the same groups as all pairs would.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from tokaudit.core.kernels.face import fill_pairs, join
from tokaudit.core.types import Int64, UInt16
from tokaudit.measure.fingerprints.minhash import BINS

ROUNDS: Final = ((0.8, 1), (0.8, 64), (0.75, 64))
"""Rounds, in order: the lowest estimate of a pair that is tried, and how many pairs a group tries with others.

Groups that no tried pair has joined after all rounds are taken as separate.
"""


def cross_component_pairs(
    buckets: Sequence[Int64],
    rows: Sequence[Int64],
    links: Int64,
    failed: Int64,
    signatures: UInt16,
    new: int,
    least: float,
    tries: int,
) -> Int64:
    """Pairs of texts (m, 2), first < second, that may join groups not joined yet in some row.

    Args:
        buckets: texts of each large bucket, in order; texts are numbered from 0.
        rows: texts with a document in each row, in order; narrow rows come before wide ones.
        links: pairs known to be near-duplicates.
        failed: pairs known not to be near-duplicates.
        signatures: signatures of the texts.
        new: how many texts, at the beginning, have not been compared yet; a pair has at least one of them.
        least: lowest estimated similarity of a pair.
        tries: pairs that a group tries with others before it is taken as joined.
    """
    known, found = links, [np.empty((0, 2), np.int64)]
    packed = np.sort(failed[:, 0] << 32 | failed[:, 1])
    for row in rows:
        inside = np.zeros(len(signatures), bool)
        inside[row] = True
        label, ring, size = np.arange(len(inside)), np.arange(len(inside)), np.ones(len(inside), np.int64)
        join(known[inside[known].all(axis=1)], label, ring, size)
        room = np.empty((3, len(inside)), np.int64)
        for bucket in buckets:
            members = bucket[inside[bucket]]
            apart = len(np.unique(label[members]))
            if apart > 1:
                pairs = np.empty((apart * tries, 2), np.int64)
                filled = fill_pairs(
                    members,
                    new,
                    signatures,
                    signatures[members].astype(np.uint8),
                    math.ceil(least * BINS),
                    tries,
                    packed,
                    apart,
                    label,
                    ring,
                    size,
                    room,
                    pairs,
                )
                found.append(pairs[:filled])
        if tries == 1:
            known = np.concatenate([links, *found])
    tried = np.concatenate(found)
    return np.column_stack(np.divmod(np.unique(tried[:, 0] << 32 | tried[:, 1]), 1 << 32))
