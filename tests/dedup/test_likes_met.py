"""Shingles of a text are kept where its like was met before, and only there; it changes no number."""

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
"""Near their originals by 0.87 or so: nearly all share two band keys or more."""


def meet(likes: LikesMet, texts: list[str]) -> None:
    """Show it texts."""
    column = arrow(texts)
    likes.meet(column, text_keys(column), band_keys(signatures(column)[0]))


def test_of_texts_whose_likes_were_met_nearly_all_are_kept_and_of_others_none(tmp_path: Path) -> None:
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


def test_what_was_met_is_forgotten_when_it_would_be_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.likes_met._TEXTS", 10)
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        meet(likes, ORIGINALS)
        meet(likes, ALIKE)

        assert (sets.rows(text_keys(arrow(ALIKE))) < 0).all()


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.likes_met._STORED_BYTES", 1)
    with StoredSets(tmp_path / "x.duckdb") as sets:
        likes = LikesMet(sets)
        for begin, end in pairwise(range(0, 41, 10)):
            meet(likes, ORIGINALS[begin:end] + ALIKE[begin:end])

        assert 0 < sets.bytes < 10 * 8 * 300


@pytest.mark.slow
def test_an_ingest_finds_the_same_whatever_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", [*ORIGINALS, *ALIKE, *ORIGINALS[:5], *(altered(one, 9) for one in ALIKE)])
    found = []
    for stored in (4_000_000_000, 0):
        monkeypatch.setattr("tokaudit.dedup.likes_met._STORED_BYTES", stored)
        count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
        found.append(derived(tmp_path / "x.duckdb"))
        (tmp_path / "x.duckdb").unlink()
        shutil.rmtree(tmp_path / "x.duckdb.parts")

    assert found[0] == found[1]


def test_the_kept_sets_are_those_of_the_texts(tmp_path: Path) -> None:
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
