"""Processes that answer requests: what becomes of them when they are late, idle, dead, or can't be started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tokaudit.readers.processes import worker as processes
from tokaudit.readers.processes.channel import ClosedError
from tokaudit.readers.processes.worker import Pool, Worker

PARENT = """
import os
from tokaudit.readers.processes.worker import Pool
worker = Pool("made.echo_process").take()
print(worker.process.pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def pool() -> Iterator[Pool]:
    """A pool of processes that return what they are sent."""
    made = Pool("made.echo_process")
    yield made
    made.finish()


def answer(worker: Worker, seconds: int = 20, **request: object) -> dict[str, object]:
    worker.channel.send(request)
    header, _ = worker.receive(seconds)
    return dict(header)


def is_there(pid: int) -> bool:
    """Whether a process has not ended; one that nobody has waited for has."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int, seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while is_there(pid) and time.monotonic() < ends:
        time.sleep(0.02)
    return not is_there(pid)


@pytest.mark.slow
def test_a_process_is_used_again_and_what_it_prints_goes_nowhere(pool: Pool) -> None:
    worker = pool.take()
    first = answer(worker, kind="echo", n=1)
    pool.give(worker)

    assert first == {"kind": "echo", "n": 1, "pid": worker.process.pid}
    assert pool.take() is worker
    assert answer(worker, kind="echo", n=2)["n"] == 2
    pool.give(worker)


@pytest.mark.slow
def test_a_process_that_died_while_it_was_idle_is_replaced(pool: Pool) -> None:
    worker = pool.take()
    pool.give(worker)
    worker.process.kill()
    worker.process.wait()
    other = pool.take()

    assert other is not worker
    assert answer(other, kind="echo")["pid"] == other.process.pid
    pool.give(other)


@pytest.mark.slow
def test_a_late_answer_ends_the_process(pool: Pool) -> None:
    worker = pool.take()
    with pytest.raises(ClosedError):
        answer(worker, 0, kind="hang")

    assert worker.late
    assert worker.end() == -signal.SIGKILL


@pytest.mark.slow
def test_the_exit_code_of_a_process_is_known(pool: Pool) -> None:
    worker = pool.take()
    with pytest.raises(ClosedError):
        answer(worker, kind="exit", code=7)

    assert (worker.end(), worker.late) == (7, False)
    assert worker.end() == 7


@pytest.mark.slow
def test_an_idle_process_ends_after_a_while(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "IDLE_SECONDS", 0)
    worker = pool.take()
    pool.give(worker)

    assert wait_until_gone(worker.process.pid)
    assert pool.take() is not worker


@pytest.mark.slow
def test_a_pool_that_is_over_has_no_idle_processes(pool: Pool) -> None:
    worker = pool.take()
    pool.give(worker)
    pool.finish()

    assert pool.over
    assert worker.process.poll() is not None


@pytest.mark.slow
def test_all_processes_can_be_killed_whatever_they_do(pool: Pool) -> None:
    idle, busy = pool.take(), pool.take()
    pool.give(idle)
    busy.channel.send({"kind": "hang"})
    processes.kill_all()

    assert [each.process.wait(5) for each in (idle, busy)] == [-signal.SIGKILL] * 2
    busy.end()


@pytest.mark.slow
@pytest.mark.parametrize("module", ["made.no_such_module", "made.samples"])
def test_a_process_that_ends_at_once_is_an_error_of_the_system(module: str) -> None:
    with pytest.raises(OSError, match=r"a process that reads for tokaudit can't be started \(exit code 1\)"):
        Pool(module).take()


def test_a_program_that_is_not_there_is_an_error_with_its_name(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/none/python")

    with pytest.raises(FileNotFoundError) as error:
        pool.take()
    assert error.value.filename == "/none/python"


@pytest.mark.slow
def test_a_process_for_which_there_is_no_thread_is_ended(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    with pytest.raises(OSError, match="can't be started"):
        pool.take()


@pytest.mark.slow
def test_ctrl_c_does_not_end_a_process(pool: Pool) -> None:
    worker = pool.take()
    worker.process.send_signal(signal.SIGINT)

    assert answer(worker, kind="echo", n=1)["n"] == 1
    pool.give(worker)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't say what a process has")
def test_a_limit_of_memory_holds_until_it_is_lifted(pool: Pool) -> None:
    worker = pool.take()
    payload = bytes(60_000_000)
    answer(worker, kind="limit", bytes=None)
    worker.channel.send({"kind": "echo"}, payload)
    assert worker.receive(20)[1].nbytes == len(payload)
    answer(worker, kind="limit", bytes=50_000_000)
    worker.channel.send({"kind": "echo"})
    assert worker.receive(20)[1].nbytes == 0
    with pytest.raises(ClosedError):  # noqa: PT012 - the process may end before or after the whole message was sent
        worker.channel.send({"kind": "echo"}, payload)
        worker.receive(20)
    worker.end()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_processes_end_with_a_parent_that_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parent = subprocess.run(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environment, check=False, timeout=60
    )

    assert parent.returncode == -signal.SIGKILL
    assert wait_until_gone(int(parent.stdout))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_leaves_the_processes_to_its_parent(pool: Pool) -> None:
    worker = pool.take()
    pool.give(worker)
    child = os.fork()
    if not child:
        try:
            pool.finish()
            processes.kill_all()
        finally:
            os._exit(len(pool._workers))  # noqa: SLF001 - what is left of it
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert pool.take() is worker
    assert answer(worker, kind="echo", n=3)["n"] == 3
    pool.give(worker)


@pytest.mark.slow
@pytest.mark.parametrize("kills", [1, 2, 3])
def test_a_process_that_is_killed_while_it_starts_is_replaced_twice(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    left = [kills]
    receive = Worker.receive

    def killing(self: Worker, seconds: int) -> tuple[dict[str, object], object]:
        if left[0] > 0:
            left[0] -= 1
            self.process.kill()
        return receive(self, seconds)

    monkeypatch.setattr(Worker, "receive", killing)
    if kills == 3:
        with pytest.raises(OSError, match=r"can't be started \(exit code -9\)"):
            pool.take()
    else:
        worker = pool.take()
        assert answer(worker, kind="echo", n=1)["n"] == 1
        worker.end()
