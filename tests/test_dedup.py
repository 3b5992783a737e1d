"""Groups and who is kept, against slow twins."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.dedup import components, uncounted
from tokaudit.records import Int64

PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=12)


def as_pairs(pairs: list[tuple[int, int]]) -> Int64:
    """Pairs as an array of shape (m, 2)."""
    return np.array(pairs, np.int64).reshape(-1, 2)


@given(PAIRS)
def test_components_are_what_repeated_merging_gives(pairs: list[tuple[int, int]]) -> None:
    groups = [{node} for node in range(8)]
    for a, b in pairs:
        merged = next(g for g in groups if a in g) | next(g for g in groups if b in g)
        groups = [g for g in groups if not g & merged] + [merged]
    labels = components(as_pairs(pairs), 8)

    assert {frozenset(np.flatnonzero(labels == label).tolist()) for label in labels} == {frozenset(g) for g in groups}


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7)), max_size=14),
    PAIRS,
    st.randoms(use_true_random=False),
)
def test_the_least_of_each_group_in_a_row_is_the_one_that_counts(
    documents: list[tuple[int, int]], links: list[tuple[int, int]], random: "object"
) -> None:
    ranks = list(range(len(documents)))
    random.shuffle(ranks)  # type: ignore[attr-defined] # hypothesis' Random
    row = np.array([r for r, _ in documents], np.int64)
    text = np.array([t for _, t in documents], np.int64)
    found = uncounted(row, text, np.array(ranks, np.int64), as_pairs(links))

    group = list(range(len(documents)))
    for _ in documents:
        for i, j in itertools.combinations(range(len(documents)), 2):
            linked = text[i] == text[j] or tuple(sorted((text[i], text[j]))) in links
            if row[i] == row[j] and linked:
                group[i] = group[j] = min(group[i], group[j])
    kept = {g: min((ranks[i], i) for i in range(len(documents)) if group[i] == g)[1] for g in group}
    expected = {i: kept[group[i]] for i in range(len(documents)) if kept[group[i]] != i}
    copies = {
        i
        for i in range(len(documents))
        if any(row[i] == row[j] and text[i] == text[j] and ranks[j] < ranks[i] for j in range(len(documents)))
    }

    assert dict(zip(found.document.tolist(), found.kept.tolist(), strict=True)) == expected
    assert {d for d, copy in zip(found.document.tolist(), found.exact_copy, strict=True) if copy} == copies
