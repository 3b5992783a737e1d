"""Whole lines of a stream, some megabytes at a time, in one buffer that is reused."""

from dataclasses import dataclass
from typing import Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.streams import ByteStream

_STEP: Final = 1 << 20
_BLANKS: Final = b" \t\r\n"
_BEGIN: Final = 1 << 10


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line that is over the limit, and was read past.

    Attributes:
        size: its bytes, with its line feed.
        begin: its first bytes.
        is_blank: whether it has only blanks.
    """

    size: int
    begin: bytes
    is_blank: bool


class Lines:
    """Pieces of about `size` bytes; a longer line is a piece of its own, but one of more than `most` bytes is left out.

    This is not a generator, so that it keeps no reference to a piece that the caller has dropped.
    """

    def __init__(self, stream: ByteStream, size: int, most: int) -> None:
        self._stream = stream
        self._size = min(size, most + 1)  # a longer line does not fit into a piece
        self._most = most
        self._buffer = bytearray(self._size)
        self._begin = self._end = 0  # of the bytes read and not yet returned
        self._fault: FileFault | None = None
        self._over = False

    def take(self) -> memoryview | LongLine:
        """The next whole lines with their line feeds, or a line that is too long; empty at the end of the file.

        The last line of the file may lack its line feed. The lines are valid until the next call.

        Raises:
            FileFault: the file is cut or damaged; all lines before that have been returned.
        """
        self._make_room()
        self._fill()
        begin = self._begin
        cut = self._buffer.rfind(b"\n", begin, self._end) + 1
        if not cut and not self._over:
            cut = self._long_line()
            if cut < 0:
                return self._left_out()
        elif self._over and self._fault is None:
            cut = self._end
        if not cut and self._fault is not None:
            raise self._fault
        self._begin = cut
        if cut <= self._size:
            return memoryview(self._buffer)[begin:cut]
        long = self._buffer
        rest = long[cut : self._end]
        self._buffer = bytearray(max(self._size, len(rest)))
        self._buffer[: len(rest)] = rest
        self._begin, self._end = 0, len(rest)
        return memoryview(long)[begin:cut]

    def _make_room(self) -> None:
        held = self._end - self._begin
        self._buffer[:held] = self._buffer[self._begin : self._end]
        self._begin, self._end = 0, held

    def _fill(self) -> None:
        """Read until the buffer is full or the file ends."""
        with memoryview(self._buffer) as view:
            while self._end < len(view) and not self._over:
                try:
                    read = self._stream.readinto(view[self._end : self._end + _STEP])
                except FileFault as fault:
                    self._fault = fault
                    read = 0
                self._end += read
                self._over = not read

    def _long_line(self) -> int:
        """Grow the buffer for a longer line and return the position of its end; 0 after a fault, -1 over the limit."""
        self._buffer = self._buffer[: self._end]  # a copy without exported views, so that it can grow
        cut = 0
        while not cut and not self._over:
            searched = self._end
            if searched > self._most:
                return -1
            self._buffer.extend(bytes(self._size))
            self._fill()
            cut = self._buffer.find(b"\n", searched, self._end) + 1
        if (cut - 1 if cut else self._end) > self._most:  # how much is read at once must not decide
            return -1
        return cut if cut or self._fault is not None else self._end

    def _left_out(self) -> LongLine:
        """Read past the line that the buffer begins with, in no more memory than any piece takes."""
        begin, size, is_blank = b"", 0, True
        while True:
            cut = self._buffer.find(b"\n", 0, self._end) + 1
            stop = cut or self._end
            begin = begin or bytes(self._buffer[: min(stop, _BEGIN)])
            is_blank = is_blank and not self._buffer[:stop].strip(_BLANKS)
            size += stop
            if cut or self._over:
                break
            if len(self._buffer) > self._size:
                self._buffer = bytearray(self._size)
            self._end = 0
            self._fill()
        rest = self._buffer[stop : self._end]
        self._buffer = bytearray(max(self._size, len(rest)))
        self._buffer[: len(rest)] = rest
        self._begin, self._end = 0, len(rest)
        return LongLine(size, begin, is_blank)
