"""Leaving out pairs of large buckets changes no group of any row."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.types import Int64, UInt16
from tokaudit.dedup.components import duplicates_of
from tokaudit.dedup.large_buckets import ROUNDS, cross_component_pairs
from tokaudit.measure.fingerprints.minhash import BINS, estimate

EMPTY = np.empty((0, 2), np.int64)


def near_copies(count: int, most_changed: float, seed: int) -> UInt16:
    """Signatures of near-duplicates of two templates that resemble each other."""
    chance = np.random.default_rng(seed)
    templates = chance.integers(0, 2**16, (2, BINS)).astype(np.uint16)
    templates[1, : BINS * 3 // 4] = templates[0, : BINS * 3 // 4]
    own = chance.integers(0, 2**16, (count, BINS)).astype(np.uint16)
    changed = chance.random((count, BINS)) < chance.uniform(0, most_changed, (count, 1))
    return np.where(changed, own, templates[chance.integers(0, 2, count)]).astype(np.uint16)


def all_pairs(texts: Int64) -> Int64:
    """Every pair of the texts, the lesser first."""
    return np.array(list(itertools.combinations(texts.tolist(), 2)), np.int64).reshape(-1, 2)


def groups(links: Int64, row: Int64, texts: int) -> list[int]:
    """A label for each text of a row, equal where links inside the row connect."""
    inside = np.isin(links, row).all(axis=1)
    everyone = np.arange(texts)
    dropped = duplicates_of(np.zeros_like(everyone), everyone, links[inside])
    label = everyone.copy()
    label[dropped.document] = dropped.representative
    _, first, inverse = np.unique(label[row], return_index=True, return_inverse=True)
    return [int(place) for place in first[inverse]]


def settle(signatures: UInt16, buckets: list[Int64], rows: list[Int64], links: Int64, new: int) -> tuple[Int64, int]:
    """Links after all rounds (a pair is near if 0.8 of the values agree), and how many pairs were tried."""
    failed, tried = EMPTY, 0
    for least, tries in ROUNDS:
        pairs = cross_component_pairs(buckets, rows, links, failed, signatures, new, least, tries)
        near = estimate(signatures, pairs) >= 0.8
        links, failed = np.concatenate([links, pairs[near]]), np.concatenate([failed, pairs[~near]])
        tried += len(pairs)
    return links, tried


@pytest.mark.slow
@given(st.integers(0, 2**32), st.floats(0.05, 0.4), st.integers(1, 4), st.integers(1, 60))
def test_groups_are_those_of_all_pairs_in_each_row(seed: int, changed: float, sources: int, first: int) -> None:
    chance = np.random.default_rng(seed)
    signatures = near_copies(60, changed, seed)
    rows = [np.flatnonzero(chance.random(60) < 0.6) for _ in range(sources)] + [np.arange(60)]
    buckets = [np.flatnonzero(chance.random(60) < share) for share in (0.9, 0.5)]
    candidates = np.unique(np.concatenate([all_pairs(bucket) for bucket in buckets]), axis=0)
    wanted = candidates[estimate(signatures, candidates) >= 0.8]
    at_once, tried = settle(signatures, buckets, rows, EMPTY, 60)
    # In two ingests: texts that come second have the lower numbers.
    before = [bucket[bucket >= 60 - first] for bucket in buckets]
    some, _ = settle(signatures, before, [row[row >= 60 - first] for row in rows], EMPTY, 60)
    in_two, _ = settle(signatures, buckets, rows, some, 60 - first)

    assert tried <= sum(tries for _, tries in ROUNDS) * 60 * len(rows) * len(buckets)
    for row in rows:
        assert groups(at_once, row, 60) == groups(wanted, row, 60)
        assert groups(in_two, row, 60) == groups(wanted, row, 60)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_large_bucket_has_fewer_pairs_than_texts(rows: int) -> None:
    signatures = near_copies(1, 0, 0).repeat(5_000, axis=0)
    bucket = np.arange(5_000)
    pairs = cross_component_pairs([bucket, bucket], [bucket] * rows, EMPTY, EMPTY, signatures, 5_000, 0.9, 1)

    assert len(pairs) == 4_999


def test_a_small_group_is_compared_with_the_largest() -> None:
    one, other = near_copies(1, 0, 0), near_copies(1, 0, 1)
    between = np.where(np.arange(BINS) < 110, one, other).astype(np.uint16)
    signatures = np.concatenate([one.repeat(4_500, axis=0), other.repeat(10, axis=0), between])
    bucket = np.arange(len(signatures))

    found = {
        least: cross_component_pairs([bucket], [bucket], EMPTY, EMPTY, signatures, len(bucket), least, 1)
        for least in (0.9, 0.8)
    }
    assert [len(pairs) for pairs in found.values()] == [4_499 + 9, 4_499 + 9 + 1]
    assert found[0.8].max() == len(bucket) - 1


def test_pairs_of_texts_compared_before_are_not_tried() -> None:
    signatures = near_copies(20, 0.1, 1)
    bucket = np.arange(20)
    pairs = cross_component_pairs([bucket], [bucket], EMPTY, EMPTY, signatures, 3, 0.65, 1)

    assert len(pairs) > 0
    assert (pairs[:, 0] < 3).all()
