"""Reading Arrow files in another process, which a damaged file may crash, hang or fill without harm to this one.

A process reads one file after the other and is ended when it has been idle for a while, or when this process ends. A
crash or an answer that takes far too long is damage of the file; the next file gets a new process.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import IO, Any, Final, cast

import numpy as np

from tokaudit.core.batches import Found, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.arrow.channel import Channel, ClosedError, unpacked
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile, is_remote
from tokaudit.readers.options import Limits, ReadOptions
from tokaudit.readers.unpack.magic import compression_suffix
from tokaudit.readers.unpack.streams import ByteStream, open_stream

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tokaudit.readers.arrow.child import main; main()"
)
_PIPE_BYTES: Final = 1 << 20
_SET_PIPE_SIZE: Final = 1031  # F_SETPIPE_SZ of Linux
SECONDS: Final = 60
_BYTES_PER_SECOND: Final = 5_000_000
_GRACE: Final = 5
_IDLE_SECONDS: Final = 30
_START_SECONDS: Final = 120


class Worker:
    """A process that reads files."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path)]
        environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}  # the others reserve memory in advance
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        incoming, outgoing = cast("IO[bytes]", self.process.stdout), cast("IO[bytes]", self.process.stdin)
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415 - Windows lacks it

            with suppress(OSError):
                fcntl.fcntl(incoming, _SET_PIPE_SIZE, _PIPE_BYTES)
        self.channel = Channel(incoming, outgoing)
        self.late = False
        self.idle = False
        self._left: int | None = _START_SECONDS  # ticks until it is late; None: nothing is awaited
        self._counting = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="tokaudit_arrow", daemon=True).start()
        try:
            self.receive(_START_SECONDS)
        except ClosedError as error:
            self.end()
            raise OSError("the process that reads Arrow files can't be started") from error

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
            if over and IDLE.drop(self):
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
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(1)
        self.process.kill()
        return self.process.wait()


class _Idle:
    """Processes that wait for a file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: list[Worker] = []
        self.over = False

    def take(self) -> Worker:
        """A process that lives."""
        while True:
            with self._lock:
                worker = self._workers.pop() if self._workers else None
            if worker is None:
                return Worker()
            worker.rest(None)
            if worker.process.poll() is None:
                return worker
            worker.end()

    def give(self, worker: Worker) -> None:
        """Keep a process for a while."""
        worker.rest(_IDLE_SECONDS)
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
        """End all idle processes, and from now on each after its file."""
        self.over = True
        self.end()

    def forget(self) -> None:
        """Forget the processes: after a fork, they belong to the parent."""
        self._lock = threading.Lock()
        self._workers = []


IDLE: Final = _Idle()
atexit.register(IDLE.finish)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=IDLE.forget)


class _Bytes:
    """The bytes of a file as the other process asks for them."""

    def __init__(self, file: InputFile, limits: Limits, opened: ExitStack) -> None:
        self.mapped = not compression_suffix(file.name) and file.data is None and not is_remote(file.path)
        self.size: int | None = file.size
        self.stream: ByteStream | None = None
        self._raw: IO[bytes] | None = None
        if compression_suffix(file.name):
            self.stream = opened.enter_context(open_stream(file, limits))
            self.size = None
        else:
            raw = opened.enter_context(file.open())  # fails here if it can't be opened
            if not self.mapped:
                self._raw = raw
                self.size = raw.seek(0, 2) if raw.seekable() else None

    def read(self, offset: int | None, size: int) -> bytes:
        """Some bytes; fewer only at the end."""
        if self.stream is not None:
            return self.stream.read(size)
        if self._raw is None:
            return b""
        if offset is not None:
            self._raw.seek(offset)
        return self._raw.read(size)


@yields_faults
def read_in_child(file: InputFile, options: ReadOptions, wanted: Int64 | None) -> Iterator[Found]:
    """Yield documents and bad records as `arrow_ipc.read_ipc` does."""
    with ExitStack() as opened:
        source = _Bytes(file, options.limits, opened)
        seconds = SECONDS + file.size // _BYTES_PER_SECOND
        worker = IDLE.take()
        whole = False
        try:
            worker.channel.send(
                _request(file, options, source, seconds, wanted),
                b"" if wanted is None else np.asarray(wanted, np.int64).tobytes(),
            )
            worker.channel.send({"kind": "next"})
            while True:
                header, payload = worker.receive(seconds + _GRACE)  # the process should end itself before
                if header["kind"] == "need":
                    worker.channel.send({"kind": "data"}, source.read(header["offset"], header["size"]))
                    continue
                if header["kind"] in {"end", "failed"}:
                    break
                worker.channel.send({"kind": "next"})  # it reads on while this is measured
                found = unpacked(header, payload)
                if source.stream is not None and isinstance(found, TextBatch):
                    found = replace(found, position=source.stream.position())
                yield found
            whole = True
        except ClosedError as error:
            raise _death(worker) from error
        finally:
            # When this process ends, a generator may be closed so late that there are no other threads.
            if not IDLE.over and (whole or _stopped(worker, seconds)):
                IDLE.give(worker)
            else:
                worker.end()
        if header["kind"] == "failed":
            raise FileFault("unreadable", f"can't be read: {header['why']}")


def _request(
    file: InputFile, options: ReadOptions, source: _Bytes, seconds: int, wanted: Int64 | None
) -> dict[str, Any]:
    limits = options.limits
    return {
        "kind": "read",
        "file": {"path": file.path, "below": file.below, "size": file.size, "modified": file.modified},
        "options": {
            "text_fields": options.text_fields,
            "labels": dict(options.labels),
            "batch_bytes": options.batch_bytes,
            "batch_documents": options.batch_documents,
            "limits": {name: getattr(limits, name) for name in limits.__slots__ if name != "meter"},
        },
        "mapped": source.mapped,
        "size": source.size,
        "seconds": seconds,
        "wanted": wanted is not None,
    }


def _stopped(worker: Worker, seconds: int) -> bool:
    """Have a process stop in the middle of a file; whether it is ready for another one."""
    if worker.process.poll() is not None:
        return False
    try:
        worker.channel.send({"kind": "stop"})
        while worker.receive(seconds)[0]["kind"] != "end":
            pass
    except ClosedError:
        return False
    return True


def _death(worker: Worker) -> FileFault:
    """The fault of a file at which the process ended."""
    code = worker.end()
    if worker.late or code == -14:  # SIGALRM
        return FileFault("corrupt", "is damaged: Arrow does not come to an end with it")
    if code == -9:
        return FileFault(
            "unreadable", "can't be read: the system killed the process that read it, as for want of memory"
        )
    return FileFault("corrupt", f"is damaged: Arrow crashed when reading it (exit code {code})")
