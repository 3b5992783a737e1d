"""Kernels over groups, against plain twins."""

import random
from itertools import accumulate, combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from made.walls import run_walled

from tokaudit.core.kernels import face
from tokaudit.core.types import Int64, UInt16

TEXTS = 12
PAIRS = st.lists(st.tuples(st.integers(0, TEXTS - 1), st.integers(0, TEXTS - 1)), max_size=14)
SIGNATURES = arrays.arrays(
    np.uint16, (TEXTS, 6), elements=st.sampled_from([1, 2, 257])
)  # 1 and 257 have the same lowest byte


def as_pairs(pairs: list[tuple[int, int]]) -> Int64:
    return np.array(pairs, np.int64).reshape(-1, 2)


class PlainGroups:
    """Groups as labels. A joined group has the label of the larger group, or of the first if they are equal."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        self.label = list(range(TEXTS))
        for a, b in pairs:
            self.join(a, b)

    def size(self, text: int) -> int:
        """Size of the text's group."""
        return self.label.count(self.label[text])

    def join(self, a: int, b: int) -> None:
        """Join the groups of two texts."""
        if self.size(a) < self.size(b):
            a, b = b, a
        kept, lost = self.label[a], self.label[b]
        self.label = [kept if label == lost else label for label in self.label]


def joined(pairs: list[tuple[int, int]]) -> tuple[Int64, Int64, Int64]:
    label, ring, size = np.arange(TEXTS), np.arange(TEXTS), np.ones(TEXTS, np.int64)
    run_walled(face.join, as_pairs(pairs), label, ring, size)
    return label, ring, size


def check(groups: PlainGroups, label: Int64, ring: Int64, size: Int64) -> None:
    """Check the labels, the sizes, and that the ring leads from each text through its whole group and back."""
    assert label.tolist() == groups.label
    for text in range(TEXTS):
        assert size[label[text]] == groups.size(text)
        way = list(accumulate(range(groups.size(text)), lambda place, _: int(ring[place]), initial=text))
        assert way[-1] == text
        assert sorted(way[1:]) == [other for other in range(TEXTS) if groups.label[other] == groups.label[text]]


@given(PAIRS)
def test_joined_texts_are_in_one_group(pairs: list[tuple[int, int]]) -> None:
    check(PlainGroups(pairs), *joined(pairs))


def plain_pairs(
    members: list[int],
    new: int,
    signatures: UInt16,
    least: int,
    tries: int,
    failed: set[tuple[int, int]],
    groups: PlainGroups,
) -> list[tuple[int, int]]:  # fmt: skip - more arguments than lines
    """Pairs of a new member and a later one, if their groups are apart and their signatures agree enough."""
    found, had = [], dict.fromkeys(range(TEXTS), 0)
    for i, a in enumerate(members):
        for b in members[i + 1 :]:
            agree = int((signatures[a] == signatures[b]).sum())
            if a >= new or groups.label[a] == groups.label[b] or agree < least or (a, b) in failed:
                continue
            found.append((a, b))
            smaller = groups.label[a if groups.size(a) <= groups.size(b) else b]
            had[smaller] += 1
            if had[smaller] >= tries:
                groups.join(a, b)
    return found


@given(
    st.lists(st.integers(0, TEXTS - 1), unique=True, max_size=TEXTS).map(sorted),
    st.integers(0, TEXTS),
    SIGNATURES,
    st.integers(0, 6),
    st.integers(1, 3),
    st.sets(st.sampled_from([*combinations(range(TEXTS), 2)]), max_size=50),
    PAIRS,
)
def test_pairs_join_groups_as_if_every_pair_were_looked_at(
    members: list[int],
    new: int,
    signatures: UInt16,
    least: int,
    tries: int,
    failed: set[tuple[int, int]],
    known: list[tuple[int, int]],
) -> None:
    groups, (label, ring, size) = PlainGroups(known), joined(known)
    apart = len({groups.label[member] for member in members})
    packed = np.array(sorted(a << 32 | b for a, b in failed), np.int64)
    sketches = signatures[members].astype(np.uint8)
    room, pairs = np.empty((3, TEXTS), np.int64), np.empty((apart * tries, 2), np.int64)
    given = (np.array(members, np.int64), new, signatures, sketches, least, tries, packed, apart)
    filled = run_walled(face.fill_pairs, *given, label, ring, size, room, pairs)

    expected = plain_pairs(members, new, signatures, least, tries, failed, groups)
    assert [tuple(pair) for pair in pairs[:filled].tolist()] == expected
    check(groups, label, ring, size)


ROWS = 3
DOCUMENTS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, ROWS - 1)), unique=True, max_size=16)


@given(DOCUMENTS, PAIRS, st.randoms(use_true_random=False), st.data())
def test_linked_texts_are_merged_in_each_row_that_contains_both(
    held: list[tuple[int, int]], links: list[tuple[int, int]], chance: random.Random, data: st.DataObject
) -> None:
    held.sort()  # by text, then row
    documents = list(range(len(held) + 2))
    chance.shuffle(documents)  # the document of each text in each of its rows; two have no text
    parent = [data.draw(st.integers(0, node)) for node in range(len(documents))]
    group = list(range(len(parent)))
    for node in group[:]:
        group[node] = group[parent[node]]
    for a, b in links:
        for row in range(ROWS):
            if (a, row) in held and (b, row) in held:
                both = [group[documents[held.index((text, row))]] for text in (a, b)]
                group = [min(both) if label in both else label for label in group]

    texts = [text for text, _ in held]
    begin = np.array([sum(other < text for other in texts) for text in range(TEXTS + 1)])
    rows, first = np.array([row for _, row in held], np.int64), np.array(documents[: len(held)], np.int64)
    found = np.array(parent)
    run_walled(face.merge_links, found, as_pairs(links), begin, rows, first)

    assert found.tolist() == group
