"""Whole lines of a stream, some megabytes at a time, in one buffer that is filled again and again."""

from typing import Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.streams import ByteStream

# A longer line is no document; unbounded, a small compressed file could fill the memory with one.
_LINE_LIMIT: Final = 1 << 30
_STEP: Final = 1 << 20


class Lines:
    """Pieces of about `size` bytes; a line that is longer is a piece of its own.

    The pieces are handed out, not generated, so that nothing here holds on to one that its user has let go of.
    """

    def __init__(self, stream: ByteStream, size: int) -> None:
        self._stream = stream
        self._size = size
        self._buffer = bytearray(size)
        self._begin = self._end = 0  # of what has been read and not been handed out
        self._fault: FileFault | None = None
        self._over = False

    def take(self) -> memoryview:
        """The next whole lines with their line feeds, which the last of the file may lack; nothing at the end.

        They stay as they are until the next call.

        Raises:
            FileFault: the file is cut or damaged, or a line has no end; the lines before have been handed out.
        """
        self._make_room()
        self._fill()
        begin = self._begin
        cut = self._buffer.rfind(b"\n", begin, self._end) + 1
        if not cut and not self._over:
            cut = self._long_line()
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
        """Read until the buffer is full or the file is over."""
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
        """Where the line ends that is longer than the buffer, which grows for it; 0 after a fault."""
        self._buffer = self._buffer[: self._end]  # one that nobody has a piece of, so that it may grow
        cut = 0
        while not cut and not self._over:
            searched = self._end
            if searched > _LINE_LIMIT:
                self._over = True
                self._fault = FileFault(
                    "malformed", f"a line longer than {_LINE_LIMIT} bytes: this is no file of JSON lines"
                )
                return 0
            self._buffer.extend(bytes(self._size))
            self._fill()
            cut = self._buffer.find(b"\n", searched, self._end) + 1
        return cut if cut or self._fault is not None else self._end
