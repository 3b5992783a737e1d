"""Reading Arrow files in another process, which a damaged file may crash, hang or fill without harm to this one.

A crash or an answer that takes far too long is damage of the file; the next file gets a new process.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Any, Final

import numpy as np

from tokaudit.core.batches import Found, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.arrow.messages import unpacked
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.processes.channel import ClosedError
from tokaudit.readers.processes.worker import Pool, Worker
from tokaudit.readers.unpack.limits import Limits
from tokaudit.readers.unpack.streams import ByteStream, open_stream

SECONDS: Final = 60
_BYTES_PER_SECOND: Final = 5_000_000
_GRACE: Final = 5
IDLE: Final = Pool("tokaudit.readers.arrow.child")
"""Processes that wait for an Arrow file."""


class _Bytes:
    """The bytes of a file as the other process asks for them.

    Attributes:
        mapped: whether the other process maps the file into memory and asks for nothing.
        size: number of uncompressed bytes, for random access; None if they are read from start to end.
        stream: the bytes from start to end; None with random access.
    """

    def __init__(self, file: InputFile, limits: Limits, opened: ExitStack) -> None:
        stream = opened.enter_context(open_stream(file, limits))
        self.mapped = not stream.compression and file.local_path is not None
        self.size: int | None = None
        self.stream: ByteStream | None = None
        self._raw: IO[bytes] | None = None
        if self.mapped:
            self.size = file.size
        elif stream.compression:
            self.stream = stream
        else:
            try:
                self._raw = stream.rewound()
                self.size = self._raw.seek(0, 2)
            except OSError:  # such as a remote file that only comes as a stream
                self._raw, self.stream = None, stream

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
    """Yield documents and bad records as `ipc.read_ipc` does."""
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
            "limits": {**limits.given(), "ratio_from": limits.ratio_from},  # members are counted by this process
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
        return FileFault("corrupt", "is damaged: Arrow did not finish reading it")
    if code == -9:
        return FileFault(
            "unreadable", "can't be read: the system killed the process that read it, probably because memory ran out"
        )
    return FileFault("corrupt", f"is damaged: Arrow crashed when reading it (exit code {code})")
