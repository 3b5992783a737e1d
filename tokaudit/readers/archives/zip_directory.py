"""The members of a zip archive, in the order of its directory, which is read piece by piece.

Python's `zipfile` keeps an object per member, some hundred bytes each. Here, what the directory says about a member
must agree with the header before the member, so that no changed byte goes unseen.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, Final

from tokaudit.readers.archives.members import Content, Member
from tokaudit.readers.archives.zip_content import METHODS, ZipContent
from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.limits import Limits, Meter, more_than_total

_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LONGEST_COMMENT: Final = 0xFFFF
_LOCATOR: Final = struct.Struct("<4sLQL")
_LOCATOR_MARK: Final = b"PK\x06\x07"
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_END_64_MARK: Final = b"PK\x06\x06"
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_ENTRY_MARK: Final = b"PK\x01\x02"
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LOCAL_MARK: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_SIZES_FOLLOW: Final = 0x8
_COMPARED_FLAGS: Final = 0x0841  # encryption, weak and strong, and the encoding of the name
_TYPE_OF_FILE: Final = 0o170000
_LINK: Final = 0o120000
_EXECUTABLE: Final = 0o111  # of links, nearly always
_LONGEST_LINK: Final = 4095
_32: Final = 0xFFFFFFFF
_STEP: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the directory says about a member."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Directory:
    """Where the directory is, how many entries it has, and how many bytes are before the archive."""

    start: int
    size: int
    entries: int
    before: int


def is_zip(file: InputFile) -> bool:
    """Whether a file can be opened and begins like a zip archive, which has check sums of all its members."""
    try:
        with file.open() as raw:
            return raw.read(2) == b"PK"
    except OSError:
        return False


class ZipDirectory:
    """Reads the members.

    Args:
        raw: the file, which can seek.
        limits: limits on members.
        meter: counts what the members unpack to.
    """

    def __init__(self, raw: IO[bytes], limits: Limits, meter: Meter) -> None:
        self._raw = raw
        self._limits = limits
        self._meter = meter

    def members(self) -> Iterator[Member]:
        """Yield the members but for folders.

        Their offsets count the contents of all members one after the other, as ``unzip -p`` writes them.

        Raises:
            FileFault: the archive is cut or damaged.
        """
        directory = self._directory()
        content = 0
        for entry in self._entries(directory):
            if content + entry.size > self._limits.total:
                raise more_than_total(self._limits)
            member = self._member(entry, directory, content)
            if member is not None:
                yield member
            content += entry.size

    def _at(self, place: int, size: int) -> bytes:
        self._raw.seek(place)
        return self._raw.read(size)

    def _directory(self) -> _Directory:
        total = self._raw.seek(0, 2)
        if not total:
            raise FileFault("cut", "is empty, which a zip archive never is")
        begin = max(0, total - _END.size - _LONGEST_COMMENT)
        tail = self._at(begin, total - begin)
        place = tail.rfind(_END_MARK)
        while place >= 0 and int.from_bytes(tail[place + 20 : place + 22], "little") != len(tail) - place - _END.size:
            place = tail.rfind(_END_MARK, 0, place)
        if place < 0:
            if self._at(0, 2) != b"PK":
                raise FileFault("wrong_format", "does not begin like a zip archive")
            raise FileFault("cut", f"is cut off: the zip archive has no directory at its end, after {total} bytes")
        _, disk, first_disk, here, entries, size, start, _ = _END.unpack_from(tail, place)
        end = begin + place
        if end >= _LOCATOR.size and (locator := self._at(end - _LOCATOR.size, _LOCATOR.size))[:4] == _LOCATOR_MARK:
            end, disk, first_disk, here, entries, size, start = self._end_64(locator, end - _LOCATOR.size)
        if disk or first_disk or here != entries:
            raise FileFault("wrong_format", "is a part of a zip archive in several parts, which tokaudit can't read")
        before = end - size - start
        if before < 0:
            raise FileFault("corrupt", "is damaged: the end of the zip archive contradicts the size of its directory")
        if before and self._at(0, 4) == _LOCAL_MARK:  # else a program that unpacks what follows
            raise FileFault("corrupt", "contains another zip archive before the one at its end: split the file")
        return _Directory(end - size, size, entries, before)

    def _end_64(self, locator: bytes, place: int) -> tuple[int, int, int, int, int, int, int]:
        """The place of the end record of a large archive, and its fields."""
        _, _, at, _ = _LOCATOR.unpack(locator)
        for start in (at, place - _END_64.size):  # the second if there are bytes before the archive
            if 0 <= start <= place - _END_64.size:
                data = self._at(start, _END_64.size)
                if len(data) == _END_64.size and data[:4] == _END_64_MARK:
                    _, _, _, _, disk, first_disk, here, entries, size, begin = _END_64.unpack(data)
                    return start, disk, first_disk, here, entries, size, begin
        raise FileFault("corrupt", "is damaged: the end record of the zip archive is missing")

    def _entries(self, directory: _Directory) -> Iterator[_Entry]:
        end = directory.start + directory.size
        place, data, at = directory.start, b"", 0
        for number in range(directory.entries):
            if len(data) - at < _ENTRY.size + 3 * 0xFFFF and place < end:
                more = self._at(place, min(_STEP, end - place))
                place += len(more)
                data, at = data[at:] + more, 0
            if data[at : at + 4] != _ENTRY_MARK or len(data) - at < _ENTRY.size:
                raise FileFault("corrupt", f"is damaged: entry {number} of the zip archive's directory is wrong")
            _, _, _, flags, method, _, _, crc, packed, size, long, extra, comment, _, _, mode, offset = (
                _ENTRY.unpack_from(data, at)
            )
            name_end = at + _ENTRY.size + long
            name = data[at + _ENTRY.size : name_end]
            if _32 in {packed, size, offset}:
                size, packed, offset = _large(data[name_end : name_end + extra], size, packed, offset)
            at = name_end + extra + comment
            if at > len(data):
                raise FileFault("corrupt", f"is damaged: entry {number} of the zip archive's directory is wrong")
            yield _Entry(name, flags, method, crc, packed, size, mode >> 16, offset)
        if at < len(data) or place < end:
            raise FileFault("corrupt", "is damaged: the zip archive's directory has more entries than its end says")

    def _member(self, entry: _Entry, directory: _Directory, offset: int) -> Member | None:
        """The member; None for a folder."""
        name = entry.name if b"/" in entry.name else entry.name.replace(b"\\", b"/")
        shown = name.decode(errors="backslashreplace")
        try:
            start = self._start(entry, directory)
        except FileFault as fault:
            return Member(shown, entry.size, offset, _nothing, fault=fault)
        if name.endswith(b"/") and not entry.size:
            return None

        def opened(keep: bool) -> IO[bytes]:
            if entry.flags & _ENCRYPTED:
                raise FileFault("wrong_format", "is encrypted, so tokaudit can't read it")
            if entry.method not in METHODS:
                raise FileFault(
                    "wrong_format", f"is packed with method {entry.method} of zip, which tokaudit can't read"
                )
            content = ZipContent(self._raw, start, entry, self._limits, self._meter)
            kept = bytearray()  # if it is opened again, it is unpacked again
            return Content(content.read, entry.size, self._limits.record, kept, keep=keep)  # type: ignore[return-value]

        member = Member(shown, entry.size, offset, opened)
        return replace(member, rule="link") if _is_link(entry.mode, member) else member

    def _start(self, entry: _Entry, directory: _Directory) -> int:
        """The first byte of the packed content; raises a FileFault if its header contradicts the directory."""
        place = directory.before + entry.offset
        end = place + _LOCAL.size + len(entry.name) + entry.packed
        header = b"" if end > directory.start else self._at(place, _LOCAL.size + len(entry.name))
        if len(header) == _LOCAL.size + len(entry.name) and header[:4] == _LOCAL_MARK:
            _, _, flags, method, _, _, crc, packed, size, long, extra = _LOCAL.unpack_from(header)
            same = header[_LOCAL.size :] == entry.name and long == len(entry.name) and method == entry.method
            same = same and not (flags ^ entry.flags) & _COMPARED_FLAGS
            if same and not flags & _SIZES_FOLLOW:
                told = (crc, packed if packed != _32 else entry.packed, size if size != _32 else entry.size)
                same = told == (entry.crc, entry.packed, entry.size)
            if same:
                return place + _LOCAL.size + int(long + extra)
        raise FileFault("corrupt", "is damaged: its header contradicts the directory of the zip archive")


def _nothing(keep: bool) -> IO[bytes]:  # noqa: ARG001 - as `Member` says
    """No content."""
    return io.BytesIO()


def _is_link(mode: int, member: Member) -> bool:
    """Whether a member is a link. Nothing checks the mode, so a text is none: it has lines, or blanks in a name."""
    if mode & _TYPE_OF_FILE != _LINK or member.size > _LONGEST_LINK:
        return False
    try:
        target = member.content(_LONGEST_LINK)
    except FileFault:
        return False  # the reader meets the fault again
    return b"\n" not in target and (b" " not in target or mode & _EXECUTABLE == _EXECUTABLE)


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The sizes and the offset of an entry, those from 4 GiB on from its extra field (APPNOTE.TXT 4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            told: list[int] = [next(numbers, _32) if number == _32 else number for number in (size, packed, offset)]
            return told[0], told[1], told[2]
        at += 4 + length
    return size, packed, offset
