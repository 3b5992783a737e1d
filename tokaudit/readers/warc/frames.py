"""Records of a crawl one after the other, whatever their lengths say, and the damage between them.

A record is its header, content of the length that the header gives, and blank lines. A length that is wrong by a line
break is put right. If it is wrong otherwise, or if there is no header, that is one bad record, and the next record is
looked for behind its header: a length that is too large may cover records. Where a length ends at the end of another
record by chance, nothing shows that it is wrong. A page that contains the header of a record is read as a record if it
comes behind damage.

FastWARC is not used: of a cut file it gives short bodies in silence, and at the first wrong length it ends with an
error, so that the records behind it are lost. The tests compare what is read of undamaged files with it.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from tokaudit.core.bad_codes import BadCode
from tokaudit.readers.warc.headers import Fields
from tokaudit.readers.warc.source import PIECE, CrawlBytes
from tokaudit.readers.warc.starts import LONGEST_START

_HELD: Final = 1 << 24
"""Content up to this size is held until its end is seen; longer content only if it may be a document."""
_HEAD: Final = 1 << 20
"""How much of longer content is looked at."""
_MOST_BREAKS: Final = 64
_BEHIND: Final = 2 * _MOST_BREAKS
"""How many bytes behind the content are looked at: behind fewer than the most breaks, the start of a record shows."""
_OFF: Final = 4
"""By how many bytes a length may be too small: one or two line breaks."""
_END: Final = b"\r\n\r\n"
_BREAKS: Final = re.compile(rb"[\r\n]*")
_OFF_BY: Final = re.compile(rb"([^\r\n]{1,%d})(?:\r?\n)+" % _OFF)


class Head(NamedTuple):
    """The header of a record.

    Attributes:
        size: its bytes.
        kind: type of the record in lower case, such as ``response``.
        length: bytes of its content.
        data: the header itself.
        parse: a function from the header to its fields.
    """

    size: int
    kind: bytes
    length: int
    data: bytes
    parse: Callable[[bytes], Fields]

    def fields(self) -> Fields:
        """Its fields; most records are not documents, and theirs are not needed."""
        return self.parse(self.data)


class Frame(NamedTuple):
    """A record.

    Attributes:
        offset: its first byte in the uncompressed file.
        head: its header.
        content: its content, or the first megabyte of it.
        length: bytes of its content.
    """

    offset: int
    head: Head
    content: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no record, as one bad record."""

    offset: int
    code: BadCode
    why: str


class Form(ABC):
    """How the records of one format begin.

    Attributes:
        start: matches the start of a record, to find it behind damage.
        between: what surely is between the contents of two records: two line breaks, and the start of the next one.
    """

    start: re.Pattern[bytes]
    between: bytes

    @abstractmethod
    def begins(self, data: bytes, at: int) -> bool:
        """Whether a record begins here, as far as its first bytes show."""

    @abstractmethod
    def head(self, source: CrawlBytes) -> Head | str:
        """The header that begins at the next byte, or what is wrong with it; the source stays there."""


class Frames:
    """The records of one crawl.

    Args:
        source: its bytes; the first of them begin a record, or are damaged.
        form: its format.
        most: most bytes of a document.
        wanted: whether a record may be a document, by its header and the first bytes of its content.
    """

    def __init__(self, source: CrawlBytes, form: Form, most: int, wanted: Callable[[Frame], bool]) -> None:
        self._source = source
        self._form = form
        self._most = most
        self._wanted = wanted

    def records(self) -> Iterator[Frame | Damage]:
        """Yield the records and the damage.

        Raises:
            FileFault: nothing more can be unpacked.
        """
        while self._more():
            yield self.record()

    def _more(self) -> bool:
        """Pass over blank lines; whether there is something behind them, if only damage."""
        source = self._source
        if self._form.begins(source.data, source.at):  # the usual case
            return True
        while True:
            breaks = _BREAKS.match(source.data, source.at)
            assert breaks is not None, "it matches the empty string"
            source.at = breaks.end()
            if source.left():
                return True
            if not source.fill(1):
                return source.fault is not None

    def record(self) -> Frame | Damage:
        """The record that begins at the next byte, or damage; the next one begins behind it.

        Raises:
            FileFault: nothing more can be unpacked.
        """
        source = self._source
        start = source.place()
        head = self._form.head(source)
        if not isinstance(head, str) and source.fault is None and head.length <= _HELD:
            begin = source.at + head.size
            end = begin + head.length
            if source.data.startswith(self._form.between, end):  # the usual case
                source.at = end + len(_END)
                return Frame(start, head, source.data[begin:end], head.length)
        return self._unusual(start, head)

    def _unusual(self, start: int, head: Head | str) -> Frame | Damage:
        """The record with this header, if it is not whole in the window with the start of another one behind it."""
        source = self._source
        if self._is_damaged(start) and (isinstance(head, str) or not source.fill(head.size + head.length)):
            return self._behind_fault(start)
        if isinstance(head, str):
            return self._damage(start, 1, head)
        if head.length > _HELD:
            return self._long(start, head)
        size = head.size + head.length
        source.fill(size + _BEHIND)
        if self._is_damaged(start):
            return self._behind_fault(start)
        more = self._ends(size)
        if more is None:
            return self._wrong_length(start, head, head.size)
        return self._whole(start, head, more)

    def _whole(self, start: int, head: Head, more: int) -> Frame:
        """A record whose content is in the window and is so much longer than it says."""
        source = self._source
        begin = source.at + head.size
        end = begin + head.length + more
        content = source.data[begin:end]
        source.at = end + 4 if source.data.startswith(_END, end) else end
        return Frame(start, head, content, end - begin)

    def _ends(self, size: int) -> int | None:
        """By how many bytes a record in the window is longer than it says; None if its length is wrong."""
        source = self._source
        if source.left() < size:
            return None
        return self._ending(source.data[source.at + size : source.at + size + _BEHIND])

    def _ending(self, behind: bytes) -> int | None:
        """By how many bytes content is longer than it says, by the bytes behind it; None if its length is wrong."""
        if behind.startswith(_END):
            return 0
        if self._may_begin(behind, len(behind) - len(behind.lstrip(b"\r\n"))):
            return 0
        missed = _OFF_BY.match(behind)
        return len(missed[1]) if missed is not None and self._may_begin(behind, missed.end()) else None

    def _may_begin(self, behind: bytes, at: int) -> bool:
        """Whether the next record may begin here: it does, nothing follows, or there are many breaks before."""
        return at == len(behind) or at >= _MOST_BREAKS or self._form.begins(behind, at)

    def _long(self, start: int, head: Head) -> Frame | Damage:
        """A record that is not held unless it is a document; if it is longer than those may be, it has only a head."""
        source = self._source
        source.fill(head.size + _HEAD)
        content = source.data[source.at + head.size : source.at + head.size + _HEAD]
        frame = Frame(start, head, content, head.length)
        if source.is_plain and (not self._is_there(head) or self._ending(self._behind(head)) is None):
            return self._wrong_length(start, head, head.size)
        if head.length <= self._most and self._wanted(frame):
            source.fill(head.size + head.length + _BEHIND)
            if self._is_damaged(start):
                return self._behind_fault(start)
            more = self._ends(head.size + head.length)
            if more is None:
                return self._wrong_length(start, head, head.size)
            return self._whole(start, head, more)
        return self._passed(frame)

    def _is_there(self, head: Head) -> bool:
        """Whether the file has the last byte of a record."""
        return bool(self._source.peek(head.size + head.length - 1, 1))

    def _behind(self, head: Head) -> bytes:
        return self._source.peek(head.size + head.length, _BEHIND)

    def _passed(self, frame: Frame) -> Frame | Damage:
        """Pass over content; if its length proves to be wrong, go back to the first start of a record in it."""
        source = self._source
        source.at += frame.head.size
        left, found = frame.length, None
        while left and source.fill(1):
            source.fill(min(left, PIECE))
            size = min(left, source.left())
            if size < left and size > LONGEST_START:  # else the start of a record may be cut
                size -= LONGEST_START
            if found is None:
                match = self._form.start.search(source.data, source.at, source.at + size + LONGEST_START)
                found = source.place() + match.start() - source.at if match else None
            source.at += size
            left -= size
        source.fill(_BEHIND)
        if self._is_damaged(frame.offset):
            return self._behind_fault(frame.offset)
        if not left and self._ending(source.data[source.at : source.at + _BEHIND]) is not None:
            return frame
        if found is None:
            return self._wrong_length(frame.offset, frame.head, 0)
        if source.go(found):
            return Damage(frame.offset, "malformed", _wrong(frame.head))
        return self._damage(frame.offset, 0, f"{_wrong(frame.head)}; it may cover records, which are not read")

    def _wrong_length(self, start: int, head: Head, beyond: int) -> Damage:
        """A record whose length is wrong, or that the end of the file cuts off; the next is looked for beyond bytes."""
        source = self._source
        damage = self._damage(start, beyond, _wrong(head))
        missing = start + head.size + head.length - source.place()
        if source.left() or damage.code != "malformed" or missing <= 0:
            return damage
        return Damage(start, "cut", f"is cut off: the last {missing:,} bytes of its content are missing")

    def _damage(self, start: int, beyond: int, why: str) -> Damage:
        """Pass over some bytes, and what is behind them up to the next record."""
        source = self._source
        source.at += beyond
        search = source.at
        while True:
            match = self._form.start.search(source.data, search)
            if match is not None and (match.end() < len(source.data) or not source.fill(source.left() + 1)):
                source.at = match.start()
                return Damage(start, "malformed", why)
            source.at = max(source.at, len(source.data) - LONGEST_START)
            if not source.fill(source.left() + 1):
                source.at = len(source.data)
                return self._behind_fault(start) if source.fault is not None else Damage(start, "malformed", why)
            search = source.at + 1  # what is before it can be seen, too

    def _is_damaged(self, start: int) -> bool:
        """Whether what ends the window may concern a record that begins here."""
        source = self._source
        return source.fault is not None and start >= source.damaged_from()

    def _behind_fault(self, start: int) -> Damage:
        """Go on behind damage of the compression."""
        fault = self._source.fault
        assert fault is not None, "there is damage"
        if not self._source.resume():
            raise fault
        return Damage(start, fault.code, fault.why)


def _wrong(head: Head) -> str:
    return f"its length of {head.length:,} bytes is wrong: no record follows behind it"
