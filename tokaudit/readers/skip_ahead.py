"""A compressed file from which some lines are wanted: it is unpacked, and what lies between them is not parsed."""

import io
from typing import Any, Final, Protocol

from tokaudit.readers.streams import ByteStream

_STEP: Final = 1 << 20


class Seekable(Protocol):
    """What records are picked from."""

    def seek(self, offset: int, /) -> int:
        """Go to a byte, counted from the start."""
        ...

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer; how many bytes there were, fewer at the end."""
        ...

    def readline(self, size: int, /) -> bytes:
        """A line, or so many bytes of one."""
        ...

    def tell(self) -> int:
        """Where the next byte is."""
        ...


class _Unpacking(io.RawIOBase):
    """The uncompressed bytes of a stream, as Python's own files."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self._stream.readinto(buffer)


class ForwardSeekStream:
    """A stream that seeks forward, by reading: nothing between the wanted lines is parsed."""

    def __init__(self, stream: ByteStream) -> None:
        self._raw = io.BufferedReader(_Unpacking(stream), _STEP)
        self._place = 0

    def seek(self, offset: int, /) -> int:
        """Read up to a place that has not been reached yet, or to the end."""
        while self._place < offset and (data := self._raw.read(min(_STEP, offset - self._place))):
            self._place += len(data)
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer; how many bytes there were, fewer at the end."""
        read = self._raw.readinto(buffer)
        self._place += read
        return read

    def readline(self, size: int, /) -> bytes:
        """The rest of the line with its line feed, so many bytes of it at most."""
        data = self._raw.readline(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        """The place that has been reached."""
        return self._place
