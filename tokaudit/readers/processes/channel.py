"""Messages between this process and another one: a JSON object and some bytes, through pipes."""

import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, Final, cast

import numpy as np
import orjson

from tokaudit.core.types import UInt8

_SIZES: Final = struct.Struct("<IQ")
_MOST_HEADER: Final = 1 << 24
_NOTHING: Final = b""


class ClosedError(Exception):
    """The other process has ended."""


class Channel:
    """Two unbuffered pipes to another process."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def send(self, header: Mapping[str, Any], payload: Any = _NOTHING) -> None:
        """Send a message.

        Raises:
            ClosedError: the other process has ended.
        """
        view = memoryview(payload)
        head = orjson.dumps(header)
        try:
            self._write(memoryview(_SIZES.pack(len(head), view.nbytes) + head))
            self._write(view)
        except (OSError, ValueError) as error:  # a ValueError if this end is closed
            raise ClosedError from error

    def _write(self, view: memoryview) -> None:
        while view:
            view = view[self._outgoing.write(view) :]

    def receive(self) -> tuple[dict[str, Any], UInt8]:
        """Receive a message.

        Raises:
            ClosedError: the other process has ended.
        """
        header, size = self.receive_header()
        return header, self.read(size)

    def receive_header(self) -> tuple[dict[str, Any], int]:
        """Receive a message but for its payload, and the payload's size; all of it must be read next, by `read`.

        Raises:
            ClosedError: the other process has ended.
        """
        head, size = _SIZES.unpack(self.read(_SIZES.size).tobytes())
        if head > _MOST_HEADER:
            raise ClosedError
        return orjson.loads(self.read(head).tobytes()), size

    def read(self, size: int) -> UInt8:
        """Read so many bytes of a payload.

        Raises:
            ClosedError: the other process has ended, or they do not fit into memory.
        """
        try:
            data = np.empty(size, np.uint8)
            view = memoryview(cast("Any", data))
            while view:
                read = self._incoming.readinto(view)  # type: ignore[attr-defined] # every raw file has it
                if not read:
                    raise ClosedError
                view = view[read:]
        except (OSError, MemoryError, ValueError) as error:
            raise ClosedError from error
        return data

    def close(self) -> None:
        """Close both pipes, at which the other process ends."""
        for pipe in (self._incoming, self._outgoing):
            with suppress(OSError):
                pipe.close()
