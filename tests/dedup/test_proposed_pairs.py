"""Results of the stage: large buckets and near pairs, and keys that depend on all that decides on them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokaudit.catalog.fragment import write_fragment
from tokaudit.catalog.signatures import Fragments
from tokaudit.core.text_keys import unique
from tokaudit.dedup.candidates import KeyRange
from tokaudit.dedup.estimates import Estimates
from tokaudit.dedup.named_arrays import NamedArrays
from tokaudit.dedup.proposed_pairs import PairsTask, ProposedPairs, read_proposed
from tokaudit.measure.fingerprints.minhash import BINS, band_keys

ALIKE, TEXTS = 7, 12
"""The first texts have one signature but for the last band; the others are like no other."""


@pytest.fixture
def task(tmp_path: Path) -> Iterator[PairsTask]:
    """The first band of all texts."""
    chance = np.random.default_rng(0)
    signatures = chance.integers(0, 2**16, (TEXTS, BINS), np.uint16)
    signatures[:ALIKE, :-8] = signatures[0, :-8]
    keys, _ = unique(chance.integers(0, 2**64, (TEXTS, 2), np.uint64))
    bands, catalog = band_keys(signatures), tmp_path / "x.duckdb"
    name = write_fragment(catalog, keys, signatures, bands).name
    texts = np.arange(TEXTS)
    with NamedArrays(catalog) as columns, Estimates(catalog, Fragments(catalog, [name]), texts) as estimates:
        for band in range(bands.shape[1]):
            columns.reserve(np.uint32, (TEXTS,))
            columns.fill(band, 0, bands[:, band])
        yield PairsTask(catalog, columns, estimates, "texts", TEXTS, 0, KeyRange(0, 0), 0.65)


def proposed(task: PairsTask) -> tuple[list[list[int]], list[tuple[int, int]], set[float]]:
    """The large buckets, the pairs and their estimates."""
    large: list[Any] = []
    batches = list(read_proposed(ProposedPairs().run(task), large))
    pairs = [(a, b) for part, _ in batches for a, b in part.tolist()]
    return [bucket.tolist() for bucket in large], pairs, {one for _, some in batches for one in some.tolist()}


def test_a_small_bucket_gives_its_pairs_once(task: PairsTask) -> None:
    pairs = [(a, b) for a in range(ALIKE) for b in range(a + 1, ALIKE)]

    assert proposed(task) == ([], pairs, {0.9375})
    assert proposed(replace(task, band=1)) == ([], [], set())


def test_pairs_below_the_least_estimate_are_left_out(task: PairsTask) -> None:
    assert proposed(replace(task, least=0.94)) == ([], [], set())


def test_pairs_of_texts_that_are_not_new_are_left_out(task: PairsTask) -> None:
    assert proposed(replace(task, new=1))[1] == [(0, b) for b in range(1, ALIKE)]


def test_a_large_bucket_comes_whole_in_each_band(task: PairsTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.candidates.LARGE_BUCKET", ALIKE - 1)

    assert proposed(task) == proposed(replace(task, band=1)) == ([list(range(ALIKE))], [], set())


def test_the_key_depends_on_all_that_the_result_depends_on(task: PairsTask) -> None:
    others: list[dict[str, Any]] = [
        {"digest": "others"},
        {"new": 3},
        {"band": 1},
        {"keys": KeyRange(1, 0)},
        {"least": 0.5},
    ]
    keys = [ProposedPairs().key(replace(task, **other)) for other in ({}, *others)]

    assert len(set(keys)) == len(keys)
    assert ProposedPairs().key(replace(task, catalog=Path("elsewhere"))) == keys[0]
