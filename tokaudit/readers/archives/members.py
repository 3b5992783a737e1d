"""Members of archives: their names, and their bytes, which are never written to disk."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.limits import longer_than

_SHOWN: Final = 200
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(slots=True)  # not frozen, which takes longer: an archive may have millions
class Member:
    """A member of an archive that is not a folder.

    Attributes:
        name: its name as the archive has it; bytes that are not UTF-8 are escaped with backslashes.
        size: bytes of its content.
        offset: first byte of its content in the uncompressed archive; None if there is no such place.
        open: opens its content, until the next member comes. It can be opened again if it was opened with True, to
            keep what is read. Reading raises FileFault.
        rule: the rule that leaves it out whatever its content is; None if there is none.
        fault: why it can't be read, whatever its name is; None if it can.
    """

    name: str
    size: int
    offset: int | None
    open: Callable[[bool], IO[bytes]]
    rule: str | None = None
    fault: FileFault | None = None

    @property
    def below(self) -> str:
        """Its path inside the archive, without components that mean nothing."""
        return "/".join(part for part in self.name.split("/") if part not in {"", "."})

    def is_unsafe(self) -> bool:
        """Whether the name is absolute or leads out of the archive."""
        name = self.name
        if name.startswith(("/", "\\")) or (name[1:2] == ":" and _DRIVE.match(name)):
            return True
        return ".." in name and ".." in name.replace("\\", "/").split("/")

    def content(self, most: int, limit: str = "record") -> bytes:
        """All of its content.

        Raises:
            FileFault: it is longer than `most` bytes, which the limit of this name allows, cut or damaged.
        """
        if self.size > most:
            raise longer_than("is", most, limit)
        with self.open(False) as stream:
            return stream.read(self.size)


def shown(name: str) -> str:
    """The name of a member for messages: one line, and not too long."""
    if len(name) > _SHOWN:
        name = name[:_SHOWN] + "…"
    return name if name.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def member_suffix(below: str) -> str:
    """The suffix of a member's name in lower case, with its dot; empty if there is none or it is no usual one."""
    name = below.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return dot + suffix.lower() if stem and len(suffix) <= 12 and suffix.isascii() and suffix.isalnum() else ""


class Content(io.RawIOBase):
    """The content of a member as a file: it is read forwards, or from memory if a reader seeks.

    Args:
        source: reads up to so many bytes of the content, at a place that is never before the end of the last reading.
        size: bytes of the content.
        most: most bytes to keep in memory.
        kept: the first bytes of the content, if they have been read.
        keep: whether to add to them what is read, so that the content can be read again.
    """

    def __init__(
        self, source: Callable[[int, int], bytes], size: int, most: int, kept: bytearray, *, keep: bool
    ) -> None:
        self._source = source
        self._size = size
        self._most = most
        self._kept = kept
        self._keep = keep
        self._place = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True, if the content fits into memory."""
        return self._size <= self._most

    def tell(self) -> int:
        """The position of the next byte."""
        return self._place

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a byte. Other bytes than those read first can be reached if the content fits into memory."""
        place = (0, self._place, self._size)[whence] + offset
        if place != self._place and not place <= self._place <= len(self._kept):
            self._hold()
        self._place = place
        return place

    def _hold(self) -> None:
        if self._size > self._most:
            raise longer_than("is read as a whole and", self._most)
        if self._place > len(self._kept):
            raise OSError("can't seek back in a stream")
        while len(self._kept) < self._size:
            self._kept += self._more(len(self._kept), self._size - len(self._kept))

    def _more(self, place: int, size: int) -> bytes:
        data = self._source(place, size)
        if not data:
            raise FileFault("cut", f"is cut off: its content stops after {place} of {self._size} bytes")
        return data

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, all if it is negative; fewer only at the end."""
        wanted = max(0, self._size - self._place)
        if size >= 0:
            wanted = min(size, wanted)
        pieces = []
        while wanted:
            piece = self._piece(wanted)
            self._place += len(piece)
            wanted -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, wanted: int) -> bytes:
        kept, place = self._kept, self._place
        if place >= len(kept) and not self._keep:
            return self._more(place, wanted)
        if place >= len(kept):
            if place + wanted > self._most:
                raise longer_than("is read as a whole and", self._most)
            kept += self._more(place, wanted)
        return bytes(memoryview(kept)[place : place + wanted])

    def readinto(self, target: Any, /) -> int:
        """Fill the target from its start and return the number of bytes; fewer only at the end."""
        view = memoryview(target)
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)
