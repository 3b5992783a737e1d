"""The members of a tar archive, in order, from its blocks: ustar, pax and GNU.

Python's `tarfile` takes damage in the middle for the end of the archive, and keeps all members in memory.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Final

from tokaudit.readers.archives.members import Content, Member
from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.limits import Limits, more_than_total
from tokaudit.readers.unpack.magic import TAR_BLOCK, tar_sum
from tokaudit.readers.unpack.skip_ahead import Seekable

_ZEROS: Final = bytes(TAR_BLOCK)
_FILES: Final = frozenset(b"0\x007S")
_LINKS: Final = frozenset(b"12")
_FOLDERS: Final = frozenset(b"5D")
_EXTENDED: Final = frozenset(b"LKxgX")
_WITHOUT_CONTENT: Final = frozenset(b"123456")  # whatever size their headers say
_MOST_EXTENDED: Final = 1 << 20
"""Most bytes of a long name or of a pax header."""
_USED: Final = (b"path", b"size", b"GNU.sparse.")
"""What the names of the pax records that are looked at begin with."""
_STEP: Final = 1 << 20


@dataclass(slots=True)
class _Next:
    """What special members say about the member after them."""

    name: bytes | None = None
    pax: dict[bytes, bytes] = field(default_factory=dict)

    def learn(self, kind: int, content: bytes, place: int, shared: dict[bytes, bytes]) -> None:
        """Learn from a special member; what holds for all members after it goes into `shared`."""
        if kind == ord("L"):
            self.name = content.rstrip(b"\0")
        elif kind != ord("K"):  # the long name of a link's target
            (shared if kind == ord("g") else self.pax).update(_pax_records(content, place))


class TarBlocks:
    """Reads the members.

    Args:
        source: the uncompressed bytes of the archive.
        limits: limits on members.
        end: size of the source; None if it is unknown.

    Attributes:
        fault: the fault of the archive itself, if it has one.
    """

    def __init__(self, source: Seekable, limits: Limits, end: int | None) -> None:
        self._source = source
        self._limits = limits
        self._end = end
        self.fault: FileFault | None = None

    def members(self) -> Iterator[Member]:
        """Yield the members but for folders. An archive may follow another, and zeros the last.

        Raises:
            FileFault: the archive is cut or damaged.
        """
        place = 0
        after = _Next()
        shared: dict[bytes, bytes] = {}
        closed = False
        while block := self._take(place, TAR_BLOCK):
            whole = len(block) == TAR_BLOCK
            if block == _ZEROS[: len(block)] and (whole or closed):
                closed, place = True, place + len(block)
                continue
            if not whole:
                raise self._cut_header(place + len(block))
            size = self._checked_size(block, place)
            closed, place, kind = False, place + TAR_BLOCK, block[156]
            if kind in _EXTENDED:
                after.learn(kind, self._extended(place, size), place, shared)
            else:
                pax = {**shared, **after.pax} if shared else after.pax
                size = _number(pax[b"size"], place) if b"size" in pax else size
                size = 0 if kind in _WITHOUT_CONTENT else size
                self._check_end(place + size)
                name = pax.get(b"GNU.sparse.name") or pax.get(b"path") or after.name or _name(block)
                # Old archives write folders as empty files. The name in the block may be cut at any slash.
                if kind not in _FOLDERS and (size or kind not in b"0\0" or not name.endswith(b"/")):
                    place += yield from self._member(block, place, size, name, pax)
                after = _Next()
            place += -(-size // TAR_BLOCK) * TAR_BLOCK
        if not closed:
            why = "is empty, which a tar archive never is" if not place else "is cut off: the tar archive has no end"
            raise FileFault("cut", why)

    def _take(self, place: int, size: int) -> bytes:
        """Up to so many bytes at a place; fewer only at the end of the archive."""
        try:
            self._go_to(place)
            room = bytearray(size)
            there = 0
            while there < size and (read := self._source.readinto(memoryview(room)[there:])):
                there += read
        except FileFault as fault:
            self.fault = fault
            raise
        return bytes(room[:there]) if there < size else bytes(room)

    def _go_to(self, place: int) -> None:
        if (self._end is not None and place > self._end) or self._source.seek(place) < place:
            raise self._cut_member(place)

    @staticmethod
    def _checked_size(block: bytes, place: int) -> int:
        digits = block[148:156].strip(b" \0")
        if not digits or digits.strip(b"01234567") or int(digits, 8) != tar_sum(block):
            what = "does not begin like a tar archive" if not place else f"is damaged: no tar header at byte {place}"
            raise FileFault("corrupt" if place else "wrong_format", what)
        return _number(block[124:136], place, base=8)

    def _check_end(self, place: int) -> None:
        """Refuse a member that ends so far away that its header must be wrong, before its size is added to others."""
        if place > max(self._limits.total, self._end or 0):
            raise more_than_total(self._limits) if self._end is None else self._cut_member(place)

    def _extended(self, place: int, size: int) -> bytes:
        if size > _MOST_EXTENDED:
            raise FileFault("corrupt", f"is damaged: the name or pax header at byte {place} has {size} bytes")
        data = self._take(place, size)
        if len(data) < size:
            raise self._cut_header(place + len(data))
        return data

    @staticmethod
    def _cut_member(place: int) -> FileFault:
        return FileFault("cut", f"is cut off: the tar archive stops in a member before byte {place}")

    @staticmethod
    def _cut_header(place: int) -> FileFault:
        return FileFault("cut", f"is cut off: the tar archive stops in a header after {place} bytes")

    def _member(
        self, block: bytes, place: int, size: int, name: bytes, pax: Mapping[bytes, bytes]
    ) -> Generator[Member, None, int]:
        """Yield a member, and return the number of bytes of blocks between its header and its content."""
        kind = block[156]
        text = name.decode(errors="backslashreplace")
        content, skipped, rule = size, 0, None
        if kind in _LINKS:
            rule = "link"
        elif kind not in _FILES:
            rule = "special"
        elif kind == ord("S"):
            skipped, holes = self._old_sparse(block, place)
            rule = "binary" if holes != size else None
        elif pax.get(b"GNU.sparse.major") == b"1":
            head, content = self._sparse_map(place, size)
            rule = "binary" if _number(pax.get(b"GNU.sparse.realsize", b""), place) != content else None
            yield self._file(text, place + head, content, rule)
            return 0
        elif real := pax.get(b"GNU.sparse.size"):
            rule = "binary" if _number(real, place) != size else None
        yield self._file(text, place + skipped, content, rule)
        return skipped

    def _file(self, name: str, start: int, size: int, rule: str | None) -> Member:
        kept = bytearray()
        source = partial(self._read, start)
        most = self._limits.record

        def opened(keep: bool) -> IO[bytes]:
            return Content(source, size, most, kept, keep=keep)  # type: ignore[return-value] # a RawIOBase reads alike

        return Member(name, size, start, opened, rule)

    def _read(self, start: int, place: int, size: int) -> bytes:
        data = self._take(start + place, min(size, _STEP))
        if not data:
            self.fault = FileFault("cut", f"is cut off: the tar archive stops in a member after {start + place} bytes")
            raise self.fault
        return data

    def _old_sparse(self, block: bytes, place: int) -> tuple[int, int]:
        """Bytes of the extra headers of a sparse member of the old GNU format, and bytes of the whole file."""
        more, skipped = block[482], 0
        while more:
            extra = self._take(place + skipped, TAR_BLOCK)
            if len(extra) < TAR_BLOCK:
                raise self._cut_header(place + skipped)
            more, skipped = extra[504], skipped + TAR_BLOCK
        return skipped, _number(block[483:495], place, base=8)

    def _sparse_map(self, place: int, size: int) -> tuple[int, int]:
        """Bytes of the map at the start of a sparse member of pax format 1.0, and of the content after it."""
        numbers = b""
        taken = 0
        missing = 1
        while missing > 0 and taken < min(size, _MOST_EXTENDED):
            numbers += self._take(place + taken, TAR_BLOCK)
            taken += TAR_BLOCK
            lines = numbers.split(b"\n")
            missing = 1 + 2 * _number(lines[0], place) - (len(lines) - 1)
        if missing > 0:
            raise FileFault("corrupt", f"is damaged: the map of a sparse member at byte {place} is wrong")
        return taken, max(0, size - taken)


def _name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    if block[257:263] == b"ustar\0" and block[345]:
        return block[345:500].partition(b"\0")[0] + b"/" + name
    return name


def _number(field_bytes: bytes, place: int, base: int = 10) -> int:
    """A number of a header, in digits or, if it is large, in the binary form of GNU."""
    if base == 8 and field_bytes[:1] == b"\x80":
        return int.from_bytes(field_bytes[1:], "big")
    digits = field_bytes.strip(b" \0")
    if not digits and base == 8:
        return 0
    try:
        if digits.isdigit():
            return int(digits, base)
    except ValueError:
        pass
    raise FileFault("corrupt", f"is damaged: the tar header before byte {place} has a wrong number")


def _pax_records(data: bytes, place: int) -> dict[bytes, bytes]:
    """The records of a pax header that are looked at: each is its length, a blank, and key=value with a line feed."""
    found = {}
    at = 0
    while at < len(data) and data[at]:
        blank = data.find(b" ", at, at + 20)
        digits = data[at:blank] if blank > 0 else b""
        end = at + int(digits) if digits.isdigit() else 0
        if not blank < end <= len(data) or data[end - 1] != ord("\n"):
            raise FileFault("corrupt", f"is damaged: the pax header at byte {place} is wrong")
        key, _, value = data[blank + 1 : end - 1].partition(b"=")
        if key.startswith(_USED):  # others, kept for all members after them, could fill the memory
            found[key] = value
        at = end
    return found
