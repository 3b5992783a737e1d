"""Several programs that use one catalog: one writes, all read, and a program that waits says why."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from made.samples import Counted, Run, count_into, write_jsonl

from tokaudit.catalog.exclusive_writer import exclusive_writer


def test_a_path_with_lock_in_its_name_is_not_said_to_be_in_use(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.catalog.connection.LOCK_SECONDS", 0.0)
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


@contextmanager
def held(catalog: Path, *, read_only: bool, seconds: float) -> Iterator[None]:
    """Lets another process keep the file open, for so many seconds at most."""
    script = (
        "import duckdb, sys, time; connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'True')\n"
        "print('held', flush=True); time.sleep(float(sys.argv[3]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(catalog), str(read_only), str(seconds)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            holder.kill()


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
    monkeypatch.setattr("tokaudit.catalog.connection.LOCK_SECONDS", 0.1)
    with held(copy, read_only=False, seconds=60):
        refused = run("--catalog", copy, "supply", code=4)

    assert "in use by another process" in refused.err
    assert len(refused.err.splitlines()) == 1
