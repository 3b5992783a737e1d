"""The process that reads Arrow files for another one, so that a damaged file crashes nothing else.

It answers requests on its standard input until that is closed, which happens however the other process ends. It writes
nothing but its answers. The system kills it if one answer takes far too long, even inside of Arrow.
"""

import contextlib
import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
import pyarrow as pa

from tokaudit.core.child_process import leave_nothing, limit_memory
from tokaudit.core.types import Int64
from tokaudit.readers.arrow.ipc import Source, read_ipc
from tokaudit.readers.arrow.messages import packed
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.processes.channel import Channel, ClosedError
from tokaudit.readers.processes.child import own_channel
from tokaudit.readers.unpack.limits import Limits

_READ_AHEAD: Final = 1 << 18
_SPARE_MEMORY: Final = 3 << 30
"""Bytes that reading may take beyond two of the largest records: a batch of honest files may have many."""
_MOST_AT_ONCE: Final = 1 << 23


class _StoppedError(BaseException):
    """The other process wants no more of this file; a BaseException, so that no reader takes it for its own."""


class _Requests:
    """What the other process asks for while a file is read."""

    def __init__(self, channel: Channel, seconds: int) -> None:
        self._channel = channel
        self._seconds = seconds
        self._wanted = 0

    def need(self, offset: int | None, size: int) -> bytes:
        """Some bytes of the file; the next ones if `offset` is None."""
        self._send({"kind": "need", "offset": offset, "size": size})
        while True:
            header, payload = self._receive()
            if header["kind"] == "data":
                return bytes(payload)

    def hand_over(self, header: dict[str, Any], payload: Any) -> None:
        """Send one thing that was found, once it is wanted."""
        while not self._wanted:
            self._receive()
        self._wanted -= 1
        self._send(header, payload)

    def _send(self, header: dict[str, Any], payload: Any = b"") -> None:
        _alarm(0)
        self._channel.send(header, payload)
        _alarm(self._seconds)

    def _receive(self) -> tuple[dict[str, Any], Any]:
        _alarm(0)
        header, payload = self._channel.receive()
        _alarm(self._seconds)
        if header["kind"] == "stop":
            raise _StoppedError
        self._wanted += header["kind"] == "next"
        return header, payload


class _Remote(io.RawIOBase):
    """A file whose bytes the other process reads."""

    def __init__(self, need: Callable[[int | None, int], bytes], size: int | None) -> None:
        self._need = need
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._size is not None

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size or 0)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._need(None if self._size is None else self._at, min(len(buffer), _MOST_AT_ONCE))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _alarm(seconds: int) -> None:
    """Have the system end this process after so many seconds; 0: never. Windows has no such alarm."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _answer(channel: Channel, request: dict[str, Any], wanted: Int64 | None) -> None:
    """Read one file: send what is found in it, and a last message."""
    requests = _Requests(channel, request["seconds"])
    options = ReadOptions(**{**request["options"], "limits": Limits(**request["options"]["limits"])})
    limit_memory(_SPARE_MEMORY + 2 * options.limits.record + (request["file"]["size"] if request["mapped"] else 0))
    _alarm(request["seconds"])
    try:
        _read(requests, request, InputFile(**request["file"]), options, wanted)
    except _StoppedError:
        channel.send({"kind": "end"})
    _alarm(0)


def _read(
    requests: _Requests, request: dict[str, Any], file: InputFile, options: ReadOptions, wanted: Int64 | None
) -> None:
    with contextlib.ExitStack() as opened:
        try:
            if request["mapped"]:
                raw: IO[bytes] = opened.enter_context(Path(file.path).open("rb"))
            else:
                remote = _Remote(requests.need, request["size"])
                raw = cast("IO[bytes]", opened.enter_context(io.BufferedReader(remote, _READ_AHEAD)))
            source = Source(file, raw, request["size"] is not None, request["mapped"])
            for found in read_ipc(source, options, wanted):
                requests.hand_over(*packed(found))
        except (OSError, MemoryError, pa.ArrowException) as error:
            requests.hand_over({"kind": "failed", "why": str(error)}, b"")
        else:
            requests.hand_over({"kind": "end"}, b"")


def serve(channel: Channel) -> None:
    """Answer requests until the other process ends."""
    with contextlib.suppress(ClosedError):
        channel.send({"kind": "ready"})
        while True:
            request, payload = channel.receive()
            if request["kind"] == "read":
                wanted = payload.view(np.int64) if request["wanted"] else None
                _answer(channel, request, wanted)


def main() -> None:
    """Serve the process that has started this one."""
    leave_nothing()
    serve(own_channel())
    sys.exit(0)
