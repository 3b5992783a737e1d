"""Texts that share a band key, against a slow twin, in one piece and in many."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.catalog.fragment import write_fragment
from tokaudit.catalog.signatures import Fragments
from tokaudit.core.text_keys import unique
from tokaudit.core.types import UInt32
from tokaudit.dedup.candidates import candidates, texts_sharing_bands
from tokaudit.measure.fingerprints.minhash import BANDS, BINS, band_keys

BAND_KEYS = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), max_size=25)


def as_bands(texts: list[list[int]]) -> UInt32:
    """Band keys, far apart so that prefixes matter."""
    return (np.array(texts, np.uint64).reshape(-1, 3) * np.uint64(0x2FFFFFF1)).astype(np.uint32)


def expected(bands: UInt32, new: int) -> list[tuple[int, int]]:
    """All pairs with a shared band key and a new text, by looking at every pair."""
    pairs = itertools.combinations(range(len(bands)), 2)
    return [(a, b) for a, b in pairs if a < new and (bands[a] == bands[b]).any()]


def found(bands: UInt32, new: int) -> list[tuple[int, int]]:
    """The same pairs from the index, in order; a pair that came twice is in it twice."""
    return sorted(tuple(pair) for part in candidates(list(bands.T), new, []) for pair in part.tolist())


@given(BAND_KEYS, st.integers(0, 25))
def test_candidates_are_all_pairs_that_share_a_band_each_once(texts: list[list[int]], new: int) -> None:
    bands = as_bands(texts)

    assert found(bands, min(new, len(texts))) == expected(bands, min(new, len(texts)))


def test_candidates_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    bands = as_bands(np.random.default_rng(1).integers(0, 5, (200, 3)).tolist())
    whole = found(bands, 150)
    monkeypatch.setattr("tokaudit.dedup.candidates.PAIRS_AT_ONCE", 7)
    monkeypatch.setattr("tokaudit.dedup.candidates._ENTRIES", 10)

    assert len(whole) > 1000
    assert found(bands, 150) == whole


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Fragments of 600 texts, half of them in groups of near-duplicates; some texts are in two fragments."""
    chance = np.random.default_rng(2)
    signatures = chance.integers(0, 2**16, (600, BINS), np.uint16)
    for text in range(300):
        changed = chance.random(BINS) < chance.uniform(0, 0.3)
        signatures[text] = np.where(changed, signatures[text], signatures[300 + text % 40])
    keys, order = unique(chance.integers(0, 2**64, (600, 2), np.uint64))
    signatures = signatures[order]
    bands = band_keys(signatures)
    catalog = tmp_path_factory.mktemp("fragments") / "x.duckdb"
    parts = [slice(0, 250), slice(200, 201), slice(200, 400), slice(400, 600)]
    return catalog, [write_fragment(catalog, keys[part], signatures[part], bands[part]).name for part in parts]


def all_shared(texts: Fragments, new: int) -> list[int]:
    """Texts that share a band with another, one of them new, by looking at every pair."""
    bands = texts.bands(0, BANDS, slice(0, len(texts))).T
    return sorted({text for pair in expected(bands, new) for text in pair})


@pytest.mark.slow
@pytest.mark.parametrize("new", [0, 250, 251, 451, 651])
def test_texts_that_share_bands_are_those_of_all_pairs(
    catalog: tuple[Path, list[str]], new: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Fragments(*catalog)
    wanted = all_shared(texts, new)

    assert bool(wanted) == (new > 0)
    assert texts_sharing_bands(texts, new).tolist() == wanted
    monkeypatch.setattr("tokaudit.dedup.candidates._ENTRIES", 50)
    monkeypatch.setattr("tokaudit.dedup.candidates._COLUMN_BYTES", 1)
    monkeypatch.setattr("tokaudit.dedup.candidates._MOST_BITS", 64)
    monkeypatch.setattr("tokaudit.dedup.candidates._THREADS", 1)
    assert texts_sharing_bands(texts, new).tolist() == wanted


def test_no_texts_give_no_candidates(tmp_path: Path) -> None:
    assert texts_sharing_bands(Fragments(tmp_path / "x.duckdb", []), 0).tolist() == []
    assert found(np.empty((0, BANDS), np.uint32), 0) == []
