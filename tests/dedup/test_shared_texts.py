"""Texts that share a band key, against a slow twin, in one task and in many."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made.plain_pairs import pairs_sharing_a_band

from tokaudit.catalog.fragment import write_fragment
from tokaudit.catalog.signatures import Fragments
from tokaudit.core.text_keys import unique
from tokaudit.dedup.candidates import KeyRange
from tokaudit.dedup.shared_texts import SharedTask, SharedTexts, texts_sharing_bands
from tokaudit.measure.fingerprints.minhash import BANDS, BINS, band_keys


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
    return sorted({text for pair in pairs_sharing_a_band(bands, new) for text in pair})


@pytest.mark.slow
@pytest.mark.parametrize("new", [0, 250, 251, 451, 651])
def test_texts_that_share_bands_are_those_of_all_pairs(
    catalog: tuple[Path, list[str]], new: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Fragments(*catalog)
    wanted = all_shared(texts, new)

    assert bool(wanted) == (new > 0)
    assert np.flatnonzero(texts_sharing_bands(texts, new)).tolist() == wanted
    monkeypatch.setattr("tokaudit.dedup.candidates._ENTRIES", 50)
    monkeypatch.setattr("tokaudit.dedup.shared_texts._ENTRIES", 1)
    monkeypatch.setattr("tokaudit.dedup.shared_texts._LEAST_BITS", 64)
    monkeypatch.setattr("tokaudit.dedup.shared_texts._MOST_BITS", 64)
    monkeypatch.setattr("tokaudit.dedup.shared_texts._THREADS", 1)
    assert np.flatnonzero(texts_sharing_bands(texts, new)).tolist() == wanted


def test_no_texts_share_no_bands(tmp_path: Path) -> None:
    assert texts_sharing_bands(Fragments(tmp_path / "x.duckdb", []), 0).tolist() == []


def test_the_key_depends_on_all_that_the_result_depends_on(catalog: tuple[Path, list[str]]) -> None:
    path, names = catalog
    task = SharedTask(Fragments(path, names), 250, (0, 8), KeyRange(1, 0))
    others = [
        replace(task, fragments=Fragments(path, names[::-1])),
        replace(task, new=251),
        replace(task, bands=(0, 7)),
        replace(task, bands=(1, 8)),
        replace(task, keys=KeyRange(1, 1)),
        replace(task, keys=KeyRange(2, 0)),
    ]
    keys = [SharedTexts().key(each) for each in (task, *others)]

    assert len(set(keys)) == len(keys)
    assert SharedTexts().key(replace(task, fragments=Fragments(path, list(names)))) == keys[0]
