"""Groups and kept documents, against slow twins."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.types import Int64
from tokaudit.dedup.components import duplicates_of, number_texts, roots_of

PAIR = st.integers(1, 7).flatmap(lambda larger: st.tuples(st.integers(0, larger - 1), st.just(larger)))
PAIRS = st.lists(PAIR, max_size=12)
KEYS = st.tuples(st.integers(0, 2), st.integers(0, 2))


def as_pairs(pairs: list[tuple[int, int]]) -> Int64:
    """Pairs as an array of shape (m, 2)."""
    return np.array(pairs, np.int64).reshape(-1, 2)


@given(st.lists(KEYS, max_size=9), st.lists(st.tuples(KEYS, KEYS), max_size=9))
def test_texts_are_numbered_by_key_and_links_of_missing_texts_dropped(
    keys: list[tuple[int, int]], links: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    number = {key: place for place, key in enumerate(sorted(set(keys)))}
    text, ends = number_texts(np.array(keys, np.uint64).reshape(-1, 2), np.array(links, np.uint64).reshape(-1, 4))

    assert text.tolist() == [number[key] for key in keys]
    assert ends.tolist() == [[number[a], number[b]] for a, b in links if a in number and b in number]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7)), max_size=14),
    PAIRS,
)
def test_the_first_document_of_each_group_counts(
    documents: list[tuple[int, int]], links: list[tuple[int, int]]
) -> None:
    row = np.array([r for r, _ in documents], np.int64)
    text = np.array([t for _, t in documents], np.int64)
    found = duplicates_of(row, text, as_pairs(links))

    group = list(range(len(documents)))
    for _ in documents:
        for i, j in itertools.combinations(range(len(documents)), 2):
            linked = text[i] == text[j] or tuple(sorted((text[i], text[j]))) in links
            if row[i] == row[j] and linked:
                merged = {group[i], group[j]}
                group = [min(merged) if label in merged else label for label in group]
    expected = {i: least for i, least in enumerate(group) if least != i}
    copies = {
        i
        for i in range(len(documents))
        if any(row[i] == row[j] and text[i] == text[j] and j < i for j in range(len(documents)))
    }

    assert dict(zip(found.document.tolist(), found.representative.tolist(), strict=True)) == expected
    assert {d for d, copy in zip(found.document.tolist(), found.exact_copy, strict=True) if copy} == copies


@given(st.lists(PAIRS, max_size=4))
def test_roots_are_the_least_connected_texts_in_any_order_of_links(parts: list[list[tuple[int, int]]]) -> None:
    root = list(range(8))
    for a, b in [pair for part in parts for pair in part]:
        least = min(root[a], root[b])
        root = [least if label in {root[a], root[b]} else label for label in root]

    assert roots_of(8, map(as_pairs, parts)).tolist() == root
    assert roots_of(0, []).tolist() == []
