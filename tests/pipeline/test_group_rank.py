"""Stages of grouping as jobs of an array: the groups that `resume` then makes are those of an ingest."""

from pathlib import Path
from typing import Any

import pytest
from made.samples import Run, ingested
from made.scenarios import answers
from made.sharded import options_for, sharded_corpus

from tokaudit.pipeline.engines import tasks

pytestmark = pytest.mark.slow

STAGES = ("shared", "pairs", "reread")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with texts that are alike."""
    return sharded_corpus(tmp_path_factory.mktemp("sharded") / "corpus")


@pytest.fixture
def whole(run: Run, corpus: Path) -> dict[str, Any]:
    """What the catalog has if an ingest makes the groups itself."""
    ingested(run, corpus, *options_for(corpus), "--catalog", "whole.duckdb", code=1)
    return answers(Path("whole.duckdb"))


@pytest.fixture
def performed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the stages whose tasks are performed with a result in a file."""
    names: list[str] = []

    def perform(stage: Any, task: Any, folder: Any, name: str) -> None:
        names.append(stage.name)
        done(stage, task, folder, name)

    done = tasks.perform
    monkeypatch.setattr("tokaudit.pipeline.engines.threads.perform", perform)
    return names


def ungrouped(run: Run, corpus: Path) -> bytes:
    """Count the corpus without making groups; returns the bytes of the catalog."""
    done = ingested(run, corpus, *options_for(corpus), "--no-groups", code=1)
    assert any("the groups of duplicates are not made" in each for each in done["warnings"])
    return Path("tokaudit.duckdb").read_bytes()


def share(run: Run, stage: str, rank: str, *more: str) -> dict[str, Any]:
    """What a job of a stage says."""
    done: dict[str, Any] = run("stage", stage, "--rank", rank, "--format", "json", *more).json
    return done


@pytest.mark.parametrize("work", [(), ("--work", "w")])
def test_the_jobs_of_all_stages_leave_nothing_to_compare(
    run: Run, corpus: Path, whole: dict[str, Any], performed: list[str], work: tuple[str, ...]
) -> None:
    before = ungrouped(run, corpus)
    for stage in STAGES:
        done = [share(run, stage, f"{rank}/2", *work) for rank in (0, 1)]
        assert sum(each["performed"] for each in done) == done[0]["tasks"] == done[1]["tasks"] > 0
    assert Path("tokaudit.duckdb").read_bytes() == before
    performed.clear()
    run("resume", *work)

    assert performed == []
    assert answers(Path("tokaudit.duckdb")) == whole
    assert not Path("w").exists()


def test_a_job_that_runs_again_does_nothing_twice(run: Run, corpus: Path) -> None:
    ungrouped(run, corpus)
    first = share(run, "shared", "0/1")
    again = share(run, "shared", "0/1")

    assert (first["performed"], first["there"]) == (first["tasks"], 0)
    assert (again["performed"], again["there"]) == (0, first["tasks"])


def test_what_a_job_left_out_is_made_by_the_one_that_groups(
    run: Run, corpus: Path, whole: dict[str, Any], performed: list[str]
) -> None:
    ungrouped(run, corpus)
    for stage, rank in (("shared", "0/1"), ("pairs", "0/1"), ("reread", "1/2")):
        share(run, stage, rank, "--work", "w")
    performed.clear()
    run("resume", "--work", "w")

    assert set(performed) == {"reread"}
    assert answers(Path("tokaudit.duckdb")) == whole


def test_a_stage_needs_the_results_of_the_one_before(run: Run, corpus: Path) -> None:
    ungrouped(run, corpus)
    share(run, "shared", "0/2", "--work", "w")
    refused = run("stage", "pairs", "--rank", "0/1", "--work", "w", code=3)

    assert "w: results of the stage `shared` are missing; first run `tokaudit stage shared` with each" in refused.err


def test_once_all_texts_are_compared_there_is_nothing_to_do(run: Run, corpus: Path) -> None:
    ungrouped(run, corpus)
    run("resume")

    assert [share(run, stage, "0/1")["tasks"] for stage in STAGES] == [0, 0, 0]
    assert not Path("tokaudit.duckdb.parts/work").exists()
