"""The uncompressed bytes of a crawl: a window that moves forward, and back where that is cheap."""

from collections.abc import Callable
from typing import IO, Final

from tokaudit.readers.faults import FileFault, unreadable
from tokaudit.readers.unpack.streams import ByteStream
from tokaudit.readers.warc.starts import begins_record

PIECE: Final = 1 << 18
"""Bytes that are read at once. All readings of a file must use the same size, see `CrawlBytes.resume`."""

_FROM_START_AGAIN: Final = 4
"""How often a compressed file may be unpacked from its start again to go back in it."""


class CrawlBytes:
    """A window of the uncompressed bytes of a file.

    Args:
        reopen: opens the uncompressed bytes, from the start.

    Attributes:
        data: the bytes of the window.
        at: the next byte of the window to be used; those before are gone with the next call of `fill`.
        fault: what ends the window, if unpacking failed behind it.
        behind: first bytes of what is behind the fault, if there is something.
    """

    def __init__(self, reopen: Callable[[], ByteStream]) -> None:
        self._reopen = reopen
        self._reopened = 0
        self._start(reopen())

    def _start(self, stream: ByteStream) -> None:
        self._stream = stream
        self._raw: IO[bytes] | None = None
        if not stream.compression:
            try:
                self._raw = stream.rewound()
            except OSError:  # such as a remote file that only comes as a stream
                self._raw = None
        self._base = 0
        self._ended = False
        self.data = b""
        self.at = 0
        self.fault: FileFault | None = None
        self._damaged: int | None = 0
        self._more = False
        self.behind = b""

    def close(self) -> None:
        """Close the file."""
        self._stream.__exit__(None, None, None)

    @property
    def is_plain(self) -> bool:
        """Whether the file is not compressed and can be read at any place."""
        return self._raw is not None

    @property
    def is_checked(self) -> bool:
        """Whether the file is compressed, so that check sums cover it as a rule."""
        return bool(self._stream.compression)

    def place(self) -> int:
        """The place of the next byte in the uncompressed file."""
        return self._base + self.at

    def position(self) -> int:
        """The number of bytes of the stored file read so far."""
        return self._raw.tell() if self._raw is not None else self._stream.position()

    def left(self) -> int:
        """The number of bytes in the window from the next one on."""
        return len(self.data) - self.at

    def fill(self, need: int) -> bool:
        """Whether there are so many bytes from the next one on; they, and more, are read into the window."""
        have = len(self.data) - self.at
        if have >= need:
            return True
        if self._ended:
            return False
        parts = [self.data[self.at :]]
        self._base += self.at
        self.at = 0
        enough = max(need, PIECE)
        while have < enough and not self._ended:
            piece = self._read()
            parts.append(piece)
            have += len(piece)
        self.data = b"".join(parts)
        return have >= need

    def _read(self) -> bytes:
        try:
            piece = self._raw.read(PIECE) if self._raw is not None else self._stream.read(PIECE)
        except OSError as error:
            raise unreadable(error) from error
        except FileFault as fault:
            self._ended = True
            self.fault = fault
            self._damaged = self._stream.damaged()
            self._more = fault.code == "corrupt" and self._stream.skip_damage(self._begins)
            return b""
        self._ended = not piece
        return piece

    def _begins(self, head: bytes) -> bool:
        """Whether a gzip member begins with a record."""
        self.behind = head
        return begins_record(head)

    def skip(self, size: int) -> bool:
        """Whether there are so many bytes to pass over; they are not kept."""
        if self._raw is not None and size > self.left() + PIECE:
            return self.go(self.place() + size)
        while size > self.left():
            size -= self.left()
            self.at = len(self.data)
            if not self.fill(1):
                return False
        self.at += size
        return True

    def peek(self, ahead: int, size: int) -> bytes:
        """Up to `size` bytes that begin so far ahead in a plain file; the window stays."""
        assert self._raw is not None, "only plain files can be read at any place"
        back = self._raw.tell()
        try:
            self._raw.seek(self.place() + ahead)
            return self._raw.read(size)
        finally:
            self._raw.seek(back)

    def go(self, place: int) -> bool:
        """Whether the window could be moved to a place in the uncompressed file.

        It can be moved forward, within the window, and anywhere in a plain file. Going back in a compressed file means
        to unpack it again from its start, so it is done only a few times.
        """
        if self._base <= place <= self._base + len(self.data):
            self.at = place - self._base
            return self.fill(1) or (self.fault is not None and self.resume())
        if self._raw is not None:
            self._raw.seek(place)
            self._base, self.data, self.at, self._ended = place, b"", 0, False
            return self.fill(1)
        if place < self._base:
            if self._reopened >= _FROM_START_AGAIN:
                return False
            self._reopened += 1
            self.close()
            self._start(self._reopen())
        return self._forward(place)

    def _forward(self, place: int) -> bool:
        while not self.skip(place - self.place()):
            if self.fault is None or not self.resume():
                return False
        return True

    def damaged_from(self) -> int:
        """The place of the first byte that the fault concerns.

        In a file of one member nobody knows: bytes that were unpacked before the fault are taken for whole, as in
        other formats, unless the file goes on behind the damage.
        """
        end = self._base + len(self.data)
        if self._damaged is None:
            return self._base if self._more else end
        return end - self._damaged

    def resume(self) -> bool:
        """Go on behind damage; False if there is nothing more that can be unpacked.

        In a gzip file of several members, that is at the next member that begins with a record. What could be unpacked
        of the damaged member counts in the places of the records behind it. It depends on the size of the pieces, which
        is why they are always the same.
        """
        end = self._base + len(self.data)
        if not self._more:
            return False
        self.data, self._base, self.at = b"", end, 0
        self.fault, self._ended, self._more = None, False, False
        return True
