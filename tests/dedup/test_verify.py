"""Similarities of re-read texts, against those of the texts in memory."""

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.samples import Counted, altered, count_into, text, write_jsonl

from tokaudit.core.types import Float64
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

TEXTS = [altered(text(seed), changes) for seed in range(4) for changes in range(1, 9)]
KEYS = text_keys(pa.array(TEXTS, pa.large_string()))
PAIRS = np.random.default_rng(0).integers(0, len(TEXTS), (200, 2))
WANTED = jaccard(*shingle_sets(pa.array(TEXTS, pa.large_string())), PAIRS)


def similarities(catalog: Path, workers: int = 2) -> Float64:
    """Similarities of all pairs in one call."""
    with StoredSets(catalog) as sets:
        return Verifier(catalog, sets, workers).similarities(KEYS, PAIRS)


def counted(place: Path, kind: str) -> Counted:
    """A catalog of one file with the texts among others, and small files with half of the texts again."""
    made = Counted(place / "x.duckdb", place / "c")
    rows = [row for i, one in enumerate(TEXTS) for row in (one, text(100 + i))]
    if kind == "jsonl":
        write_jsonl(made.folder / "x.jsonl", rows)
    else:
        made.folder.mkdir()
        pq.write_table(pa.table({"text": rows}), made.folder / "x.parquet", row_group_size=10)
    for i, one in enumerate(TEXTS[::2]):
        (made.folder / f"{i}.txt").write_text(one)
    count_into(made.catalog, made.folder, "web")
    return made


@pytest.fixture(scope="module", params=["jsonl", "parquet"])
def catalog(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with all its files in place."""
    return counted(tmp_path_factory.mktemp("counted"), request.param).catalog


@pytest.mark.slow
@pytest.mark.parametrize("dense", [0.0, 1.0])
@pytest.mark.parametrize("made", [0, 1_000_000])
def test_similarities_of_reread_texts_are_exact(
    catalog: Path, dense: float, made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.dedup.reread_stage._COLLECTED_BYTES", made)
    monkeypatch.setattr("tokaudit.dedup.reread_stage._MADE_BYTES", made)
    monkeypatch.setattr("tokaudit.dedup.reread._DENSE", dense)

    assert (similarities(catalog) == WANTED).all()
    monkeypatch.setattr("tokaudit.dedup.stored_sets._COMPARED_BYTES", 1)
    monkeypatch.setattr("tokaudit.dedup.reread._TOGETHER_BYTES", 1)
    assert (similarities(catalog, workers=1) == WANTED).all()


@pytest.mark.slow
def test_only_texts_without_a_remaining_file_have_no_similarity(tmp_path: Path) -> None:
    catalog, folder = astuple(counted(tmp_path, "jsonl"))
    (folder / "x.jsonl").unlink()
    (folder / "0.txt").write_text("something else")
    left = np.arange(len(TEXTS)) % 2 == 0
    left[0] = False
    there = left[PAIRS].all(axis=1)
    found = similarities(catalog)

    assert 10 < there.sum() < 190
    assert (found[there] == WANTED[there]).all()
    assert np.isnan(found[~there]).all()


@pytest.mark.slow
def test_no_pairs_give_no_similarities(catalog: Path) -> None:
    with StoredSets(catalog) as sets:
        assert Verifier(catalog, sets, 1).similarities(KEYS, np.empty((0, 2), np.int64)).shape == (0,)


@pytest.mark.slow
def test_no_text_is_read_twice(tmp_path: Path) -> None:
    catalog, folder = astuple(counted(tmp_path, "jsonl"))
    with StoredSets(catalog) as sets:
        verifier = Verifier(catalog, sets, 2)
        some = verifier.similarities(KEYS, PAIRS[:30])
        for file in folder.iterdir():
            file.unlink()
        known = np.isin(PAIRS, PAIRS[:30]).all(axis=1)
        found = verifier.similarities(KEYS, PAIRS)

    assert (some == WANTED[:30]).all()
    assert 30 < known.sum() < len(PAIRS)
    assert (found[known] == WANTED[known]).all()
    assert np.isnan(found[~known]).all()
