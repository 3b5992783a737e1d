"""Reading some lines of a compressed file: all of it is unpacked, but only the wanted lines are parsed."""

import io
from typing import Any, Final, Protocol, cast

from tokaudit.readers.unpack.streams import ByteStream

_STEP: Final = 1 << 20


class Seekable(Protocol):
    """A stream to pick records from."""

    def seek(self, offset: int, /) -> int:
        """Move to a byte, counted from the start."""
        ...

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer and return the number of bytes; fewer than asked at the end."""
        ...

    def readline(self, size: int, /) -> bytes:
        """The next line, at most ``size`` bytes of it."""
        ...

    def tell(self) -> int:
        """The position of the next byte."""
        ...


class _Unpacking(io.RawIOBase):
    """The uncompressed bytes of a stream as a Python file object."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self._stream.readinto(buffer)


class ForwardSeekStream:
    """A stream that seeks forward by reading and dropping bytes."""

    def __init__(self, stream: ByteStream) -> None:
        self._raw = io.BufferedReader(_Unpacking(stream), _STEP)
        self._place = 0

    def seek(self, offset: int, /) -> int:
        """Read up to a later position, or to the end, and return the position reached."""
        while self._place < offset and (data := self._raw.read(min(_STEP, offset - self._place))):
            self._place += len(data)
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer and return the number of bytes; fewer than asked at the end."""
        read = self._raw.readinto(buffer)
        self._place += read
        return read

    def readline(self, size: int, /) -> bytes:
        """The rest of the line with its line feed, at most ``size`` bytes of it."""
        data = self._raw.readline(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        """The position of the next byte."""
        return self._place


def seekable(stream: ByteStream) -> Seekable:
    """The uncompressed bytes of a stream of which nothing was read, to seek forward in: fast if it is not compressed.

    Raises:
        OSError: the stored file can't seek.
    """
    return ForwardSeekStream(stream) if stream.compression else cast("Seekable", stream.rewound())
