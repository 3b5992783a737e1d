"""Compiled code over groups of texts: which pairs join two groups that are not joined yet.

A group is a label, equal in all its members; ``ring`` leads from each member to the next and at last back, and
``size`` is that of the group with a label.
"""

from typing import Final

import numpy as np

from tokaudit.fingerprints._compile import kernel
from tokaudit.records import Int64, UInt16

NONE: Final = np.int64(0)


@kernel
def join(pairs: Int64, label: Int64, ring: Int64, size: Int64) -> None:
    """Makes one group of the groups of the two texts of each pair."""
    for pair in range(pairs.shape[0]):
        a, b = pairs[pair, 0], pairs[pair, 1]
        if label[a] == label[b]:
            continue
        if size[label[a]] < size[label[b]]:
            a, b = b, a
        size[label[a]] += size[label[b]]
        member = b
        while label[member] != label[a]:
            label[member] = label[a]
            member = ring[member]
        ring[a], ring[b] = ring[b], ring[a]


@kernel
def bridges(
    members: Int64,
    new: np.int64,
    signatures: UInt16,
    least: np.int64,
    tries: np.int64,
    failed: Int64,
    apart: np.int64,
    label: Int64,
    ring: Int64,
    size: Int64,
    pairs: Int64,
) -> np.int64:
    """Fills ``pairs`` with members that agree in at least ``least`` values and are of two groups: how many there are.

    One of the two is new, below ``new``. Two groups are joined once the smaller has had ``tries`` pairs, so that
    ``pairs`` needs no more room than tries for each group there is. ``failed`` are pairs not to be taken, as
    ``a << 32 | b``, in order; ``apart`` is the number of groups of members.
    """
    had = np.zeros(label.size, np.int64)
    filled = NONE
    for i in range(members.size):
        a = members[i]
        if a >= new:
            break
        for j in range(i + 1, members.size):
            b = members[j]
            if label[a] == label[b]:
                continue
            agree = np.uint8(0)  # as narrow as the values, so that LLVM takes many at a time
            for value in range(signatures.shape[1]):
                agree += np.uint8(signatures[a, value] == signatures[b, value])
            if np.int64(agree) < least:
                continue
            packed = a << 32 | b
            place = np.searchsorted(failed, packed)
            if place < failed.size and failed[place] == packed:
                continue
            pairs[filled, 0], pairs[filled, 1] = a, b
            filled += 1
            smaller = label[a] if size[label[a]] <= size[label[b]] else label[b]
            had[smaller] += 1
            if had[smaller] >= tries:
                join(pairs[filled - 1 : filled], label, ring, size)
                apart -= 1
                if apart == 1:
                    return filled
    return filled
