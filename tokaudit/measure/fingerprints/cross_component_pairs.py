"""Compiled code over groups of texts: which pairs join two groups that are not joined yet.

A group is a label, equal in all its members; ``ring`` leads from each member to the next and at last back, and
``size`` is that of the group with a label.
"""

from typing import Final

import numpy as np

from tokaudit.core.types import Int64, UInt16
from tokaudit.measure.fingerprints.buffers import UInt8
from tokaudit.measure.fingerprints.compiled import kernel

NONE: Final = np.int64(0)
AT_ONCE: Final = 4096


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
def fill_pairs(  # long: kernels take arrays, not an object that holds them, so a fourth of it is arguments
    members: Int64,
    new: np.int64,
    signatures: UInt16,
    sketches: UInt8,
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
    ``a << 32 | b``, in order; ``apart`` is the number of groups of members. ``sketches`` are the lowest bytes of the
    members' signatures, a column each: what does not agree in these does not agree.
    """
    had = np.zeros(label.size, np.int64)
    everyone, outside = np.arange(members.size), np.empty(members.size, np.int64)
    equal = np.empty(AT_ONCE, np.uint8)
    few = sketches
    one, largest, left, joined, filled = NONE, NONE, NONE, NONE, NONE
    for i in range(members.size):
        a = members[i]
        if a >= new:
            break
        # Nearly all are soon of one group: of its members only the few outside it are looked at.
        if i == 0 or label[one] != largest or 2 * joined > left:
            one, left, joined = *_outside(members, label, outside), NONE
            largest = label[one]
            few = sketches[:, outside[:left]]
        others, columns = everyone, sketches
        if label[a] == largest:
            others, columns = outside[:left], few
        begin = int(np.searchsorted(others, i + 1))
        while begin < others.size:
            end = begin + min(AT_ONCE, others.size - begin)
            _count_equal(columns, begin, end, sketches[:, i].copy(), equal)
            for place in range(begin, end):
                b = members[others[place]]
                if (
                    np.int64(equal[place - begin]) < least
                    or label[a] == label[b]
                    or np.sum(signatures[a] == signatures[b]) < least
                    or _holds(failed, a << 32 | b)
                ):
                    continue
                pairs[filled, 0], pairs[filled, 1] = a, b
                filled += 1
                smaller = label[a] if size[label[a]] <= size[label[b]] else label[b]
                had[smaller] += 1
                if had[smaller] >= tries:
                    join(pairs[filled - 1 : filled], label, ring, size)
                    joined += 1
                    apart -= 1
                    if apart == 1:
                        return filled
            begin = end
    return filled


@kernel
def _holds(ordered: Int64, value: np.int64) -> bool:
    place = np.searchsorted(ordered, value)
    return bool(place < ordered.size and ordered[place] == value)


@kernel
def _outside(members: Int64, label: Int64, outside: Int64) -> tuple[np.int64, np.int64]:
    """Fills ``outside`` with the places of members that are not of their largest group: one of that, and how many."""
    count = np.zeros(label.size, np.int64)
    for member in members:
        count[label[member]] += 1
    one, left = members[0], NONE
    for member in members:
        if count[label[member]] > count[label[one]]:
            one = member
    for place in range(members.size):
        if label[members[place]] != label[one]:
            outside[left] = place
            left += 1
    return one, left


@kernel
def _count_equal(columns: UInt8, begin: int, end: int, own: UInt8, equal: UInt8) -> None:
    """Fills ``equal`` with how many bytes of each column, of ``begin`` to ``end``, are those of ``own``.

    Byte by byte for many columns, so that LLVM takes many at a time: seven times as fast as column by column.
    """
    equal[: end - begin] = np.uint8(0)
    for value in range(0, own.size, 4):
        first, second = columns[value, begin:end], columns[value + 1, begin:end]
        third, fourth = columns[value + 2, begin:end], columns[value + 3, begin:end]
        for column in range(end - begin):
            equal[column] += (
                np.uint8(first[column] == own[value])
                + np.uint8(second[column] == own[value + 1])
                + np.uint8(third[column] == own[value + 2])
                + np.uint8(fourth[column] == own[value + 3])
            )
