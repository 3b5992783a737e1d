"""The header lines of records and of HTTP messages."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

HEADER_BYTES: Final = 1 << 20
"""Headers up to this size are read."""

_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:+-]{1,40})", re.IGNORECASE)
_LONGEST_TYPE: Final = 1 << 10
"""Bytes of a Content-Type that are looked at: thousands of values are kept, and a header may have a megabyte."""

Fields = dict[bytes, bytes]
"""Name in lower case -> value without blanks around it; the first of several values, as other readers take it."""


def header_end(data: bytes | memoryview, start: int, end: int) -> int:
    """The position behind the blank line that ends some headers, which may end in CRLF or LF; -1 if there is none."""
    if isinstance(data, bytes):
        found = data.find(b"\r\n\r\n", start, end)
        if found >= 0 and data.find(b"\n\n", start, found) < 0:  # the usual case
            return found + 4
    match = _BLANK_LINE.search(data, start, end)
    return match.end() if match else -1


def lines_of(data: bytes) -> Iterator[bytes]:
    """Yield the lines of a header without their ends; a line that begins with a blank continues the one before."""
    lines = data.split(b"\n")
    held = lines[0].rstrip(b"\r")
    for line in lines[1:]:
        if line[:1] in (b" ", b"\t"):
            held += b" " + line.strip()
        else:
            yield held
            held = line.rstrip(b"\r")
    yield held


def fields_of(data: bytes) -> Fields:
    """The fields in the lines behind the first; lines without a colon are no fields and are passed over."""
    fields: Fields = {}
    if b"\n " in data or b"\n\t" in data:
        data = b"\n".join(lines_of(data))
    for line in data.split(b"\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            name = name.strip().lower()
            if name not in fields:
                fields[name] = value.strip()
            elif name == b"content-encoding":  # the only field that may come in several lines and matters
                fields[name] += b"," + value.strip()
    return fields


def media_type(value: bytes) -> str:
    """The media type in a Content-Type, in lower case and without parameters; empty if it has no slash."""
    return _media_type(value[:_LONGEST_TYPE])


@lru_cache(1 << 12)
def _media_type(value: bytes) -> str:
    found = re.split(rb"[;,\s]", value.strip(), maxsplit=1)[0]
    return found.decode("ascii", "replace").lower() if b"/" in found.strip(b"/") else ""


def charset(value: bytes) -> str | None:
    """The character set that a Content-Type names, as it names it; None if it names none."""
    return _charset(value[:_LONGEST_TYPE])


@lru_cache(1 << 12)
def _charset(value: bytes) -> str | None:
    match = _CHARSET.search(value)
    return match[1].decode("ascii", "replace") if match else None


def as_text(value: bytes) -> str:
    """A value as text: UTF-8, or else Latin-1, as crawlers write both."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
