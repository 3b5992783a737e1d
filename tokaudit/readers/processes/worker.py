"""Processes that answer requests of this one, which a crash, a hang or want of memory in them does not harm.

A process answers one request after the other and is ended when it has been idle for a while, or when this process ends.
Whoever uses one says what it means if it ends or is late. The next request gets a new process.
"""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Final, cast

from tokaudit.core.child_process import command_of
from tokaudit.readers.processes.channel import Channel, ClosedError

_ALIVE: "Final[set[Worker]]" = set()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ALIVE.clear)  # they belong to the parent
_PIPE_BYTES: Final = 1 << 20
_SET_PIPE_SIZE: Final = 1031  # F_SETPIPE_SZ of Linux
KILLED: Final = (-9, -15)
"""Exit codes after SIGKILL and SIGTERM."""
_TRIES: Final = 3
"""How often a process is started that somebody ends meanwhile."""
IDLE_SECONDS: Final = 30
_START_SECONDS: Final = 120


class KilledError(OSError):
    """A process was ended by somebody while it started, which a new one need not be."""


class Worker:
    """A process that answers requests.

    Args:
        module: name of the module whose `main` the process runs.
        drop: is asked whether an idle process may end; returns whether it was waiting until now.

    Attributes:
        process: the process.
        channel: messages to it and from it.
        late: whether it was ended because it did not answer.
        idle: whether it waits for a request.

    Raises:
        OSError: the system refuses to start it.
    """

    def __init__(self, module: str, drop: Callable[["Worker"], bool]) -> None:
        self._drop = drop
        environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}  # the others reserve memory in advance
        self.process = subprocess.Popen(
            command_of(module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        incoming, outgoing = cast("IO[bytes]", self.process.stdout), cast("IO[bytes]", self.process.stdin)
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415 - Windows lacks it

            for pipe in (incoming, outgoing):
                with suppress(OSError):
                    fcntl.fcntl(pipe, _SET_PIPE_SIZE, _PIPE_BYTES)
        self.channel = Channel(incoming, outgoing)
        _ALIVE.add(self)
        self.late = False
        self.idle = False
        self._left: int | None = None  # ticks until it is late; None: nothing is awaited
        self._counting = threading.Lock()
        self._ended = threading.Event()
        self._ready = False
        try:
            threading.Thread(target=self._watch, name="tokaudit_worker", daemon=True).start()
        except RuntimeError as error:  # there may be no more threads
            self.end()
            raise OSError(f"a process that reads for tokaudit can't be started ({error})") from error

    def begin(self) -> None:
        """Wait until it can answer; at once if it has answered before.

        Raises:
            KilledError: it was ended by somebody before.
            OSError: it ended for another reason, or is late.
        """
        if self._ready:
            return
        try:
            self.receive(_START_SECONDS)
            self._ready = True
        except ClosedError as error:
            code = self.end()
            kind = KilledError if code in KILLED and not self.late else OSError
            raise kind(f"a process that reads for tokaudit can't be started (exit code {code})") from error

    def _watch(self) -> None:
        """End the process if an answer is late or nobody has needed it for a while.

        Ticks are counted, because the clock goes on while a machine sleeps.
        """
        while not self._ended.wait(1):
            with self._counting:
                if self._left is not None:
                    self._left -= 1
                over = self._left is not None and self._left < 0
                if over and not self.idle:
                    self.late = True
                    self.process.kill()
                    return
            if over and self._drop(self):
                self.end()

    def rest(self, seconds: int | None) -> None:
        """End after so many idle seconds; None: it is needed again."""
        with self._counting:
            self.idle = seconds is not None
            self._left = seconds

    def receive(self, seconds: int) -> tuple[dict[str, Any], Any]:
        """The next message; ClosedError if the process has ended, or after so many seconds."""
        with self._counting:
            self._left = seconds
        try:
            return self.channel.receive()
        finally:
            with self._counting:
                self._left = None

    def end(self) -> int:
        """End the process if it has not, and return its exit code, negative for a signal."""
        self._ended.set()
        self.channel.close()
        _ALIVE.discard(self)
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(1)
        self.process.kill()
        return self.process.wait()


def kill_all() -> None:
    """Kill all processes at once, whatever they do: this process is about to end."""
    for worker in list(_ALIVE):
        worker.process.kill()


class Pool:
    """Processes of one kind that wait for a request. They end when this process does.

    Args:
        module: name of the module whose `main` they run.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._workers: list[Worker] = []
        self.over = False
        atexit.register(self.finish)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def prepare(self, number: int) -> None:
        """Start processes that will be needed soon, without waiting for them; fewer if the system refuses to."""
        with suppress(OSError), self._lock:
            while len(self._workers) < number:
                worker = Worker(self._module, self.drop)
                worker.rest(IDLE_SECONDS)
                self._workers.append(worker)

    def take(self) -> Worker:
        """A process that lives.

        Raises:
            OSError: none can be started.
        """
        while True:
            with self._lock:
                worker = self._workers.pop() if self._workers else None
            if worker is None:
                return self._start()
            worker.rest(None)
            if worker.process.poll() is None:
                with suppress(KilledError):
                    worker.begin()
                    return worker
            worker.end()

    def _start(self) -> Worker:
        """A new process.

        Raises:
            OSError: it can't be started.
        """
        for _ in range(_TRIES - 1):
            with suppress(KilledError):
                return self._begun()
        return self._begun()

    def _begun(self) -> Worker:
        worker = Worker(self._module, self.drop)
        worker.begin()
        return worker

    def give(self, worker: Worker) -> None:
        """Keep a process for a while."""
        worker.rest(IDLE_SECONDS)
        with self._lock:
            self._workers.append(worker)

    def drop(self, worker: Worker) -> bool:
        """Keep a process no longer; False if it is in use."""
        with self._lock:
            kept = worker in self._workers
            if kept:
                self._workers.remove(worker)
        return kept

    def end(self) -> None:
        """End all idle processes."""
        with self._lock:
            workers, self._workers = self._workers, []
        for worker in workers:
            worker.end()

    def finish(self) -> None:
        """End all idle processes, and from now on each after its request."""
        self.over = True
        self.end()

    def forget(self) -> None:
        """Forget the processes: after a fork, they belong to the parent."""
        self._lock = threading.Lock()
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.channel.close()  # else they would not end with the parent
