"""Temporary files of dead processes are removed, and no others."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tokaudit.core import cache, temporary_files
from tokaudit.core.new_files import whole_files
from tokaudit.core.temporary_files import leftovers, temporary_name

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")

KILLED = """
import os, signal, sys
from pathlib import Path
from tokaudit.core.temporary_files import temporary_name
temporary_name(Path(sys.argv[1])).write_bytes(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a temporary file whose process is dead."""
    folder = tmp_path_factory.mktemp("dead")
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    return left.name


@posix
def test_what_a_killed_process_left_is_removed_by_the_next(dead: str, tmp_path: Path) -> None:
    (tmp_path / dead).write_bytes(b"half")
    temporary_name(tmp_path)

    assert list(tmp_path.iterdir()) == []


@posix
def test_a_folder_that_a_killed_process_left_is_removed_with_all_in_it(dead: str, tmp_path: Path) -> None:
    (tmp_path / dead).mkdir()
    (tmp_path / dead / "spilled").write_bytes(b"half")
    temporary_name(tmp_path)

    assert list(tmp_path.iterdir()) == []


@posix
def test_files_of_living_processes_and_of_users_stay(dead: str, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        machine = dead.split("-")[1]
        started = temporary_files._started(other.pid)  # noqa: SLF001 - what its name would have
        theirs = tmp_path / f".tokaudit-{machine}-{other.pid}-{started}-{'0' * 16}.tmp"
        mine = temporary_name(tmp_path)
        users = [tmp_path / name for name in (".tokaudit-notes.tmp", "x.tmp", f"{dead}.txt", dead.replace("-", "_"))]
        for file in (theirs, mine, *users):
            file.write_bytes(b"whole")
        assert list(leftovers(tmp_path)) == []
        other.kill()
        other.wait()
        assert list(leftovers(tmp_path)) == [theirs]


@posix
def test_a_process_with_the_number_of_a_dead_one_does_not_keep_its_files(dead: str, tmp_path: Path) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system does not say when a process was started")
    machine = dead.split("-")[1]
    (tmp_path / f".tokaudit-{machine}-{os.getpid()}-1-{'0' * 16}.tmp").touch()

    assert len(list(leftovers(tmp_path))) == 1


def test_files_of_other_machines_stay(dead: str, tmp_path: Path) -> None:
    machine = dead.split("-")[1]
    (tmp_path / dead.replace(machine, "0" * 12)).touch()

    assert list(leftovers(tmp_path)) == []


def test_a_folder_that_can_not_be_read_has_no_leftovers(tmp_path: Path) -> None:
    assert list(leftovers(tmp_path / "nothing")) == []
    (tmp_path / "file").touch()
    assert list(leftovers(tmp_path / "file")) == []


@posix
def test_writing_an_output_file_removes_what_a_killed_run_left(dead: str, tmp_path: Path) -> None:
    (tmp_path / dead).touch()
    with whole_files({"FILE": tmp_path / "a"}) as (stream,):
        stream.write(b"whole")

    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@posix
def test_writing_to_the_cache_removes_what_a_killed_run_left(dead: str, fresh_cache: Path) -> None:
    cache.write_cache("a key", b"some data")
    (fresh_cache / "kept" / dead).touch()
    cache.write_cache("another key", b"some data")

    assert not (fresh_cache / "kept" / dead).exists()
