"""Tasks that read texts again: what they give, and on what their keys depend."""

import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made.samples import arrow, count_into, text, write_jsonl

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import counted_files
from tokaudit.dedup.reread_stage import Reread, RereadSets, RereadSignatures, RereadTask, WantedTexts
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.minhash import signatures
from tokaudit.measure.fingerprints.shingles import shingle_sets

TEXTS = [text(seed) for seed in range(4)]


@pytest.fixture
def wanted(tmp_path: Path) -> WantedTexts:
    """The second and the last text of a file."""
    write_jsonl(tmp_path / "files" / "x.jsonl", TEXTS)
    count_into(tmp_path / "x.duckdb", tmp_path / "files", "web")
    with open_readonly(tmp_path / "x.duckdb") as connection:
        (counted,) = counted_files(connection, None)
    found = counted.find()
    assert found is not None
    return WantedTexts(counted, found, np.array([1, 3]), None)


def task(tmp_path: Path, *wanted: WantedTexts) -> RereadTask:
    """A task as it arrives in another process."""
    sent: RereadTask = pickle.loads(pickle.dumps(RereadTask(tmp_path / "x.duckdb", wanted)))  # noqa: S301 - made here
    return sent


@pytest.mark.parametrize("at_once", [1, 1_000_000])
def test_a_task_gives_keys_and_shingle_sets_in_pieces(
    tmp_path: Path, wanted: WantedTexts, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.dedup.reread_stage._MADE_BYTES", at_once)
    found = list(RereadSets().run(task(tmp_path, wanted)))
    keys, offsets, values = found[::3], found[1::3], found[2::3]
    chosen = arrow([TEXTS[1], TEXTS[3]])

    assert len(found) == (6 if at_once == 1 else 3)
    assert np.array_equal(np.concatenate(keys), text_keys(chosen))
    assert np.concatenate(values).tolist() == shingle_sets(chosen)[1].tolist()
    assert [int(one[-1]) for one in offsets] == [len(one) for one in values]


def test_a_task_gives_keys_and_signatures(tmp_path: Path, wanted: WantedTexts) -> None:
    keys, found = RereadSignatures().run(task(tmp_path, wanted, replace(wanted, ordinals=np.array([0]))))
    chosen = arrow([TEXTS[1], TEXTS[3], TEXTS[0]])

    assert np.array_equal(keys, text_keys(chosen))
    assert np.array_equal(found, signatures(chosen)[0])


def test_a_file_that_is_gone_gives_no_texts(tmp_path: Path, wanted: WantedTexts) -> None:
    Path(wanted.file.path).unlink()

    assert list(RereadSets().run(task(tmp_path, wanted))) == []


def test_the_key_depends_on_all_that_the_result_depends_on(tmp_path: Path, wanted: WantedTexts) -> None:
    stages: list[Reread] = [RereadSets(), RereadSignatures()]
    tasks = [
        task(tmp_path, wanted),
        task(tmp_path, wanted, wanted),
        task(tmp_path, replace(wanted, ordinals=np.array([1, 2]))),
        task(tmp_path, replace(wanted, offsets=np.array([5, 9]))),
        task(tmp_path, replace(wanted, counted=replace(wanted.counted, domain="code"))),
        task(tmp_path, replace(wanted, counted=replace(wanted.counted, clean="none"))),
        task(tmp_path, replace(wanted, counted=replace(wanted.counted, content="other"))),
    ]
    keys = [stage.key(each) for stage in stages for each in tasks]

    assert len(set(keys)) == len(keys)
    assert stages[0].key(task(tmp_path / "other", wanted)) == keys[0]


def test_the_key_depends_on_the_file_as_it_is_now(tmp_path: Path, wanted: WantedTexts) -> None:
    before = RereadSets().key(task(tmp_path, wanted))
    os.utime(wanted.file.path, ns=(1, 1))
    touched = RereadSets().key(task(tmp_path, wanted))
    Path(wanted.file.path).unlink()
    gone = RereadSets().key(task(tmp_path, wanted))

    assert len({before, touched, gone}) == 3
