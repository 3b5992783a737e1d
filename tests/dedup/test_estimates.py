"""Estimates from signatures on disk, against estimates from signatures in memory."""

from pathlib import Path

import numpy as np
import pytest

from tokaudit.catalog.fragment import write_fragment
from tokaudit.catalog.signatures import Fragments
from tokaudit.core.text_keys import unique
from tokaudit.dedup.estimates import Estimates
from tokaudit.measure.fingerprints.minhash import BINS, band_keys, estimate


@pytest.mark.parametrize("at_once", [1, 7, 1_000])
def test_estimates_are_those_of_the_signatures(tmp_path: Path, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.estimates._READ_AT_ONCE", at_once)
    monkeypatch.setattr("tokaudit.dedup.named_arrays._SPARSE_BYTES", 2 * BINS * at_once)
    chance = np.random.default_rng(0)
    signatures = chance.integers(0, 3, (90, BINS)).astype(np.uint16)
    keys, _ = unique(chance.integers(0, 2**64, (90, 2), np.uint64))
    catalog, bands = tmp_path / "x.duckdb", band_keys(signatures)
    names = [
        write_fragment(catalog, keys[part], signatures[part], bands[part]).name
        for part in (slice(0, 40), slice(40, 90))
    ]
    numbers = chance.permutation(90)[:60]
    pairs = chance.integers(0, 60, (200, 2)).astype(np.uint32)
    with Estimates(catalog, Fragments(catalog, names), numbers) as estimates:
        found = [estimates.of(pairs[begin : begin + 50]) for begin in range(0, 200, 50)]

    wanted = estimate(signatures, numbers[pairs])
    assert np.array_equal(np.concatenate(found), wanted)
    assert len(set(wanted.tolist())) > 10


def test_no_pairs_give_no_estimates(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    with Estimates(catalog, Fragments(catalog, []), np.empty(0, np.int64)) as estimates:
        assert estimates.of(np.empty((0, 2), np.uint32)).shape == (0,)
