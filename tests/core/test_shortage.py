"""Want of memory and of threads, as errors and as limits."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted, Run, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.core.shortage import shortage

LIMITED = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv.pop(1)) << 20,) * 2);"
    " from tokaudit.cli.app import run; run()"
)


@pytest.mark.parametrize(
    ("error", "begin"),
    [
        (MemoryError(), "memory: there is not enough"),
        (ImportError("libx.so: failed to map segment from shared object"), "memory: there is not enough"),
        (OSError(12, "Cannot allocate memory"), "memory: there is not enough"),
        (RuntimeError("can't start new thread"), "threads: the system starts no more"),
        (BlockingIOError(11, "Resource temporarily unavailable"), "threads: the system starts no more"),
    ],
)
def test_want_of_memory_and_threads_is_recognised(error: Exception, begin: str) -> None:
    short = shortage(error)

    assert short is not None
    assert str(short).startswith(begin)
    assert short.exit_code == 3


@pytest.mark.parametrize("error", [RuntimeError("no"), ImportError("no"), OSError(2, "no")])
def test_other_errors_are_no_want_of_memory(error: Exception) -> None:
    assert shortage(error) is None


def test_want_of_memory_in_duckdb_is_one_line(run: Run, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: Allocation failure")

    monkeypatch.setattr(answers, "completeness_or_empty", fail)
    refused = run("--catalog", counted.catalog, "supply", code=3)

    assert len(refused.err.splitlines()) == 1
    assert refused.err.startswith("tokaudit: memory: there is not enough;")


def start_no_thread(_: threading.Thread) -> None:
    """Do as Python does where the system starts no more threads."""
    raise RuntimeError("can't start new thread")


def test_want_of_threads_is_one_line_and_harms_no_catalog(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_jsonl(tmp_path / "a.jsonl", [text(0), text(1)])
    command = ("--catalog", tmp_path / "c.duckdb", "ingest", file, "--domain", "web")
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", start_no_thread)
        refused = run(*command, code=3)

    assert refused.err.splitlines()[-1].startswith("tokaudit: threads: the system starts no more;")
    assert "Traceback" not in refused.err
    assert run(*command, "--format", "json").json["documents"] == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set no such limit")
@pytest.mark.parametrize("command", ["supply", "query sources", "ingest a.jsonl --domain web"])
def test_too_low_a_limit_of_address_space_is_one_line(copy: Path, tmp_path: Path, command: str) -> None:
    write_jsonl(tmp_path / "a.jsonl", [text(0)])
    given = [sys.executable, "-c", LIMITED, "600", *command.split(), "--catalog", str(copy), "--progress", "none"]
    done = subprocess.run(given, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 3
    assert done.stderr.startswith("tokaudit: memory: this process may take 600 MiB of address space and needs ")
    assert len(done.stderr.splitlines()) == 1
