"""Shingles are kept for texts that resemble an earlier one, and only for them; no count changes."""

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from made.samples import altered, arrow, count_into, derived, text, write_jsonl

from tokaudit.dedup.likes_met import LikesMet
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.minhash import band_keys, signatures

ORIGINALS = [text(seed, 300) for seed in range(40)]
ALIKE = [altered(one, 4) for one in ORIGINALS]
"""Similarity to their originals is about 0.87: nearly all share at least two band keys."""


def meet(likes: LikesMet, texts: list[str]) -> None:
    """Show the texts to `likes`."""
    column = arrow(texts)
    likes.meet(column, text_keys(column), band_keys(signatures(column)[0]))


def test_most_texts_like_an_earlier_one_are_kept_and_no_others(tmp_path: Path) -> None:
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        meet(likes, ORIGINALS)
        kept_first = (sets.rows(text_keys(arrow(ORIGINALS))) >= 0).sum()
        meet(likes, ALIKE)
        kept = sets.rows(text_keys(arrow(ALIKE))) >= 0

    assert kept_first == 0
    assert kept.mean() > 0.8


def test_exact_copies_are_not_kept(tmp_path: Path) -> None:
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        meet(likes, ORIGINALS)
        meet(likes, ORIGINALS)

        assert (sets.rows(text_keys(arrow(ORIGINALS))) < 0).all()


def test_met_texts_are_forgotten_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.likes_met._TEXTS", 10)
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        meet(likes, ORIGINALS)
        meet(likes, ALIKE)

        assert (sets.rows(text_keys(arrow(ALIKE))) < 0).all()


def test_no_more_shingles_are_kept_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.likes_met._STORED_BYTES", 1)
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        for begin, end in pairwise(range(0, 41, 10)):
            meet(likes, ORIGINALS[begin:end] + ALIKE[begin:end])

        assert 0 < sets.bytes < 10 * 8 * 300


@pytest.mark.slow
def test_an_ingest_finds_the_same_with_and_without_kept_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", [*ORIGINALS, *ALIKE, *ORIGINALS[:5], *(altered(one, 9) for one in ALIKE)])
    found = []
    for stored in (4_000_000_000, 0):
        monkeypatch.setattr("tokaudit.dedup.likes_met._STORED_BYTES", stored)
        count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
        found.append(derived(tmp_path / "x.duckdb"))
        (tmp_path / "x.duckdb").unlink()
        shutil.rmtree(tmp_path / "x.duckdb.parts")

    assert found[0] == found[1]


def test_kept_sets_are_those_of_the_texts(tmp_path: Path) -> None:
    column = arrow(ALIKE)
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        meet(likes, ORIGINALS)
        meet(likes, ALIKE)
        known = text_keys(column)
        kept = np.flatnonzero(sets.rows(known) >= 0)
        sets.add_texts(text_keys(arrow(ORIGINALS)), arrow(ORIGINALS))
        pairs = np.column_stack([sets.rows(known[kept]), sets.rows(text_keys(arrow(ORIGINALS)))[kept]])

        assert (sets.similarities(pairs, 2) > 0.8).all()
