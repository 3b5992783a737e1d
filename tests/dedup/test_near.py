"""Comparing texts with stages that share nothing but files gives what threads of one process give, row by row."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from made.file_engine import FileEngine
from made.samples import Counted, altered, ask, count_into, derived, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.layout import parts_folder
from tokaudit.core.engine import Engine
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verified import PairStore
from tokaudit.dedup.verify import Verifier

pytestmark = pytest.mark.slow

FOLDERS = ("a", "b", "c")
ALL_NEW = "true"
SOME_NEW = "fragment = (select max(fragment) from store.fragments)"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """A catalog of three sources with exact and near-duplicates, borderline pairs and a large bucket; one file is gone.

    A folder was counted at a time, so that each has signatures of its own.
    """
    place = tmp_path_factory.mktemp("near")
    chance = random.Random(0)
    alike = [altered(text(1, 200), chance.randrange(1, 4)).replace("changed", f"new{i}w") for i in range(30)]
    made = Counted(place / "x.duckdb", place / "files")
    for number, name in enumerate(FOLDERS):
        near = [altered(text(seed, 300), changes) for seed in range(10, 16) for changes in range(number, 8, 3)]
        write_jsonl(
            made.folder / name / "x.jsonl", [*near, *alike[number * 8 : number * 8 + 14], text(number), text(9)]
        )
        write_jsonl(made.folder / name / "y.jsonl", [altered(text(20), number + 1), altered(text(21), number)])
        count_into(made.catalog, made.folder / name, "code" if name == "c" else "web")
    (made.folder / "b" / "y.jsonl").unlink()
    return made


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets, ranges of keys and parts of files are small, so that there are many."""
    monkeypatch.setattr("tokaudit.dedup.candidates.LARGE_BUCKET", 6)
    monkeypatch.setattr("tokaudit.dedup.proposed_pairs.LARGE_BUCKET", 6)
    monkeypatch.setattr("tokaudit.dedup.candidates._ENTRIES", 20)
    monkeypatch.setattr("tokaudit.dedup.candidates.PAIRS_AT_ONCE", 5)
    monkeypatch.setattr("tokaudit.dedup.to_compare._TEXTS_AT_ONCE", 20)
    monkeypatch.setattr("tokaudit.dedup.reread._TOGETHER_BYTES", 2_000)


def regrouped(corpus: Counted, folder: Path, which: str, engine: Engine | None) -> dict[str, list[tuple[Any, ...]]]:
    """All that regrouping stores, in the order of the rows, where the fragments chosen by a condition are new."""
    catalog = reset(corpus, folder, which)
    regroup_by(catalog, engine)
    return stored(catalog)


def regroup_by(catalog: Path, engine: Engine | None) -> None:
    """Regroup with an engine, without stored shingle sets."""
    with StoredSets(catalog) as sets:
        regroup(catalog, Verifier(catalog, sets, 2, engine=engine), lambda _: None, engine)


def reset(corpus: Counted, folder: Path, which: str) -> Path:
    """A copy of the catalog that is to be regrouped; its path says nothing about the engine."""
    folder.mkdir()
    shutil.copytree(parts_folder(corpus.catalog), parts_folder(folder / "x.duckdb"))
    catalog = Path(shutil.copy(corpus.catalog, folder / "x.duckdb"))
    with write_transaction(catalog) as connection:
        for table in ("similarities", "uncounted", "crowded", "disturbed"):
            connection.execute(f"delete from store.{table}")  # noqa: S608
        connection.execute(f"update store.fragments set probed = not ({which})")  # noqa: S608
        connection.execute("update store.derived set fresh = false, new_from = 0")
    return catalog


def die(*_: object, **__: object) -> None:
    """Die in place of a function."""
    raise KeyboardInterrupt


def stored(catalog: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that regrouping stores, in the order of the rows."""
    as_stored = {table: ask(catalog, f"from store.{table}") for table in ("similarities", "uncounted", "crowded")}
    return {**derived(catalog), **{f"{table} in order": rows for table, rows in as_stored.items()}}


@pytest.mark.parametrize("which", [ALL_NEW, SOME_NEW], ids=["all texts are new", "some texts are new"])
@pytest.mark.usefixtures("small")
def test_stages_that_share_only_files_store_the_same(corpus: Counted, tmp_path: Path, which: str) -> None:
    (tmp_path / "work").mkdir()
    engine = FileEngine(tmp_path / "work")
    found = regrouped(corpus, tmp_path / "by files", which, engine)

    assert found == regrouped(corpus, tmp_path / "by threads", which, None)
    assert {how for *_, how in found["pairs"]} == {"estimate", "reread", "estimate_file_gone"}
    assert len(found["pairs"]) > 20
    assert len(found["crowded in order"]) > 6
    assert min(engine.ran[stage] for stage in ("shared", "pairs", "reread")) > 4


@pytest.mark.usefixtures("small")
def test_buckets_and_pieces_of_any_size_form_the_same_groups(
    corpus: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    found = regrouped(corpus, tmp_path / "small", ALL_NEW, FileEngine(tmp_path / "work"))
    monkeypatch.undo()
    whole = regrouped(corpus, tmp_path / "whole", ALL_NEW, None)

    assert found["groups"] == whole["groups"]
    assert found["uncounted"] == whole["uncounted"]
    assert len(found["pairs"]) < len(whole["pairs"])


@pytest.mark.usefixtures("small")
def test_a_driver_that_died_goes_on_with_the_results_that_are_there(
    corpus: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    catalog, first, second = reset(corpus, tmp_path / "died", ALL_NEW), *(FileEngine(tmp_path / "work") for _ in "12")
    with monkeypatch.context() as patch:
        patch.setattr(PairStore, "verify_and_store", die)
        with pytest.raises(KeyboardInterrupt):
            regroup_by(catalog, first)
    regroup_by(catalog, second)

    assert min(first.ran["shared"], first.ran["pairs"]) > 4
    assert set(second.ran) == {"reread"}
    assert stored(catalog) == regrouped(corpus, tmp_path / "at once", ALL_NEW, None)
