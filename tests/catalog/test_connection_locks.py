"""Several programs that use one catalog: one writes, all read, and a program that waits says why."""

import json
from pathlib import Path

import pytest
from made.held import held
from made.samples import Counted, Run, count_into, write_jsonl

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.patience import Patience
from tokaudit.core.progress import ignore


def test_a_path_with_lock_in_its_name_is_not_said_to_be_in_use(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a lock on file" / "x.duckdb"
    path.parent.mkdir()
    path.write_text("no catalog")

    assert "not a valid DuckDB" in run("--catalog", path, "status", code=4).err


@pytest.mark.slow
def test_a_second_writer_is_refused_while_readers_go_on(run: Run, copy: Path, counted: Counted) -> None:
    before = run("--catalog", counted.catalog, "supply", "--format", "json").out
    with exclusive_writer(copy):
        assert run("--catalog", copy, "supply", "--format", "json").out == before
        assert run("--catalog", copy, "status").out
        for command in (["ingest", counted.folder / "code", "--domain", "code", "-q"], ["forget", "code"]):
            refused = run("--catalog", copy, *command, code=4)
            said = "another tokaudit is writing to it; wait until it is done, or use another --catalog"
            assert refused.err == f"tokaudit: {copy}: {said}\n"
            assert refused.out == ""
    run("--catalog", copy, "forget", "code")


@pytest.mark.slow
def test_a_writer_waits_for_a_reader(copy: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "more" / "x.jsonl", ["one more text"])
    with held(copy, read_only=True, seconds=0.3):
        assert count_into(copy, tmp_path / "more", "web").documents == 1


@pytest.mark.slow
def test_a_reader_waits_for_a_writer(run: Run, copy: Path) -> None:
    with held(copy, read_only=False, seconds=0.3):
        assert json.loads(run("--catalog", copy, "supply", "--format", "json").out)["rows"]


def test_a_file_that_stays_in_use_is_an_error(run: Run, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patience.__init__, "__defaults__", (0.1, ignore))
    with held(copy, read_only=False, seconds=60):
        refused = run("--catalog", copy, "supply", code=4)

    assert "in use by another process" in refused.err
    assert len(refused.err.splitlines()) == 1
