"""``tokaudit stage``: a share of an ingest's work by itself. What it measures is in ``tests/pipeline/shards``."""

from pathlib import Path

import pytest
from made.samples import Run, text, write_jsonl


def test_the_stages_are_listed(run: Run) -> None:
    said = run("stage", "--help").out

    assert "measure  Measure a share of the files of an ingest." in said
    assert all(f"\n  {name}" in said for name in ("shared", "pairs", "reread"))


def test_a_stage_that_there_is_not_is_refused(run: Run) -> None:
    assert "unknown stage 'nothing' (known: measure, pairs, reread, shared)" in run("stage", "nothing", code=2).err


@pytest.mark.parametrize("rank", ["2/2", "3/2", "1", "a/2", "1/", "-1/2", "0/0"])
def test_a_rank_that_is_no_share_is_refused(run: Run, rank: str) -> None:
    refused = run("stage", "measure", "nothing", "--domain", "web", f"--rank={rank}", code=2)

    assert f"--rank {rank!r}: is not a share; write RANK/RANKS, from 0/256 to 255/256 for 256 jobs" in refused.err


@pytest.mark.slow
def test_a_share_is_measured_and_no_catalog_made(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(1)])
    done = run("stage", "measure", tmp_path / "c", "--domain", "web", "--rank", "0/2", "--work", "w", "--json")
    empty = run("stage", "measure", tmp_path / "c", "--domain", "web", "--rank", "1/2", "--work", "w", "--json")

    assert done.json == {"stage": "measure", "rank": 0, "ranks": 2, "tasks": 1, "performed": 1, "there": 0}
    assert empty.json == {"stage": "measure", "rank": 1, "ranks": 2, "tasks": 1, "performed": 0, "there": 0}
    assert [path.name.partition("-")[0] for path in Path("w").iterdir()] == ["measure"]
    assert not Path("tokaudit.duckdb").exists()
