"""Want of memory and of threads, as errors and as limits."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted, Run, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.connection import open_in_memory
from tokaudit.core.errors import InputError
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.shortage import check_address_space, most_threads, shortage

linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems set no such limit")
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


@linux
@pytest.mark.parametrize("command", ["supply", "query sources", "ingest a.jsonl --domain web"])
def test_too_low_a_limit_of_address_space_is_one_line(copy: Path, tmp_path: Path, command: str) -> None:
    write_jsonl(tmp_path / "a.jsonl", [text(0)])
    given = [sys.executable, "-c", LIMITED, "600", *command.split(), "--catalog", str(copy), "--progress", "none"]
    done = subprocess.run(given, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 3
    assert done.stderr.startswith("tokaudit: memory: this process may take 600 MiB of address space and needs ")
    assert len(done.stderr.splitlines()) == 1


def limit_address_space(monkeypatch: pytest.MonkeyPatch, size: int, cores: int) -> None:
    """Let this process believe that it may take so many bytes, and so many of 64 cores."""
    import resource  # noqa: PLC0415 - Windows lacks it

    monkeypatch.setattr(resource, "getrlimit", lambda _: (size, size))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    monkeypatch.setattr(os, "cpu_count", lambda: 64)


@linux
def test_cores_that_a_process_may_not_use_need_no_address_space(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_address_space(monkeypatch, 3 << 30, cores=2)

    check_address_space(counting=True)
    assert worker_threads() == 2


@linux
def test_many_cores_under_a_limit_get_fewer_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_address_space(monkeypatch, 8 << 30, cores=64)

    check_address_space(counting=True)
    assert most_threads() == worker_threads() == 13
    with open_in_memory() as connection:
        assert connection.execute("select current_setting('threads')").fetchall() == [(13,)]


@linux
def test_a_limit_without_room_for_the_libraries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_address_space(monkeypatch, 3 << 30, cores=64)

    with pytest.raises(InputError, match="needs 3376 MiB or more"):
        check_address_space()
    assert worker_threads() == 1


@linux
def test_without_a_limit_each_usable_core_gets_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_address_space(monkeypatch, -1, cores=64)

    assert most_threads() is None
    assert worker_threads() == 64
