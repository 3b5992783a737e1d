"""How the records of WARC and of ARC begin. Both become the fields of WARC."""

import re
from typing import Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.warc.frames import Form, Head
from tokaudit.readers.warc.headers import HEADER_BYTES, Fields, fields_of, header_end
from tokaudit.readers.warc.source import CrawlBytes
from tokaudit.readers.warc.starts import ARC_LINE, ARC_MARK, ARC_START, WARC_MARK, WARC_START

_VERSION: Final = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
_SCHEME: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:")
_SHORT: Final = 1 << 12
_LINE: Final = 1 << 16
_LOOK: Final = 1 << 20
_LONGEST_LENGTH: Final = 18
"""Digits of the largest length that any file can have."""
FILEDESC: Final = b"filedesc"
"""Type of the first record of an ARC file."""


class Warc(Form):
    """WARC 0.17, 0.18, 1.0 and 1.1."""

    start = WARC_START
    between = b"\r\n\r\n" + WARC_MARK

    def begins(self, data: bytes, at: int) -> bool:
        """Whether the mark is there."""
        return data.startswith(WARC_MARK, at)

    def head(self, source: CrawlBytes) -> Head | str:
        """The header, up to its blank line."""
        source.fill(_SHORT)
        if not _VERSION.match(source.data, source.at):
            return "does not begin with the version line of a WARC record"
        size = _header_size(source)
        if size is None:
            return "its header has no end, or is longer than 1 MB"
        data = source.data[source.at : source.at + size]
        kind = _value(data, b"\nWARC-Type:").lower()
        length = _value(data, b"\nContent-Length:")
        if not length:
            return "has no Content-Length"
        if not length.isdigit() or len(length) > _LONGEST_LENGTH:
            return f"has the Content-Length {_shown(length)}, which is not a number of bytes"
        if not kind:
            return "has no WARC-Type"
        return Head(size, kind, int(length), data, fields_of)


def _value(data: bytes, name: bytes) -> bytes:
    """The value of a field, whose name is between a line feed and a colon; empty if there is none."""
    at = data.find(name)
    if at >= 0:  # the usual case
        value = data[at + len(name) : data.find(b"\n", at + 1)].strip()
        if value:
            return value
    return fields_of(data).get(name[1:-1].lower(), b"")


def _header_size(source: CrawlBytes) -> int | None:
    """The bytes of a header with its blank line; None if it has none."""
    end = header_end(source.data, source.at, source.at + _SHORT)
    while end < 0:
        end = header_end(source.data, source.at, source.at + HEADER_BYTES)
        if end < 0 and (source.left() >= HEADER_BYTES or not source.fill(source.left() + 1)):
            return None
    return end - source.at


class Arc(Form):
    """ARC 1 and 2, in all their versions."""

    start = ARC_START
    between = b"\r\n\r\nhttp://"

    def begins(self, data: bytes, at: int) -> bool:
        """Whether the scheme of an address is there."""
        return _SCHEME.match(data, at) is not None

    def head(self, source: CrawlBytes) -> Head | str:
        """The line."""
        source.fill(_LINE)
        match = ARC_LINE.match(source.data, source.at)
        if match is None:
            return "does not begin with the line of an ARC record"
        length = match[5]
        size = match.end() - match.start()
        if match[1].startswith(ARC_MARK):
            return Head(
                size, FILEDESC, int(length) if _is_length(length) else _lines(source, size), match[0], _arc_fields
            )
        if not _is_length(length):
            return f"has the length {_shown(length)}, which is not a number of bytes"
        return Head(size, b"response", int(length), match[0], _arc_fields)


def _arc_fields(line: bytes) -> Fields:
    match = ARC_LINE.match(line)
    assert match is not None, "it is the line of a record"
    return {
        b"warc-target-uri": match[1],
        b"warc-ip-address": match[2],
        b"warc-date": match[3],
        b"content-type": match[4].split(b" ")[0],
    }


def _is_length(value: bytes) -> bool:
    return value.isdigit() and len(value) <= _LONGEST_LENGTH


def _lines(source: CrawlBytes, size: int) -> int:
    """The bytes of the two lines behind the first of an ARC file: the version, and the names of the fields."""
    begin = source.at + size
    end = begin
    for _ in range(2):
        end = source.data.find(b"\n", end) + 1 or end
    return end - begin


def _shown(value: bytes) -> str:
    return repr(value[:40].decode("latin-1"))


def form_of(source: CrawlBytes) -> Form:
    """The format of a crawl, by its first record; damage may be before it. The source stays at the first byte.

    Raises:
        FileFault: it contains no record.
    """
    source.fill(_SHORT)
    head = source.data[source.at : source.at + _SHORT].lstrip(b"\r\n") or source.behind
    if head.startswith(WARC_MARK):
        return Warc()
    if ARC_LINE.match(head):
        return Arc()
    source.fill(_LOOK)
    forms: tuple[Form, ...] = (Warc(), Arc())
    found = [(match.start(), form) for form in forms if (match := form.start.search(source.data, source.at))]
    if found:
        return min(found, key=lambda each: each[0])[1]
    if source.fault is not None:
        raise source.fault
    raise FileFault("wrong_format", "does not contain a record of a web archive (WARC or ARC) at its start")
