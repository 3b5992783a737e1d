"""The bytes of a part of a book as UTF-8, whatever encoding they are in."""

import codecs
import re
from typing import Final

from tokaudit.readers.encodings.names import meant_by
from tokaudit.readers.faults import FileFault

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_HEAD: Final = 1024
_NAMED: Final = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([A-Za-z0-9._-]{1,40})")
# Not all of Python's codecs turn bytes into characters.
_KNOWN: Final = re.compile(
    r"(?:us-)?ascii|latin-?1|iso-?8859-\d{1,2}|windows-\d{3,4}|cp\d{3,4}|koi8-[ru]|shift_jis|euc-(?:jp|kr)"
    r"|gb(?:2312|k|18030)|big5|macintosh|utf-16(?:[lb]e)?"
)


def as_utf8(data: bytes) -> bytes:
    """The bytes in UTF-8, without a byte order mark.

    A mark decides, then the bytes themselves, if they are UTF-8, and then what the part says about its encoding.

    Raises:
        FileFault: they are in no encoding that is known, or in another one than the part says.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decoded(data, codec)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        named = _NAMED.search(data[:_HEAD])
        meant = _codec_of(named[1].decode().lower()) if named else None
        if meant is None:
            why = f"is not valid UTF-8: byte {data[error.start]:#04x} at offset {error.start}"
            raise FileFault("encoding", why) from error
        return _decoded(data, meant)
    if b"\0" in data:
        raise FileFault("wrong_format", f"is not text: the byte at offset {data.index(0)} is zero")
    return data


def _codec_of(name: str) -> str | None:
    """The codec that a part means; None if it is UTF-8, or unknown."""
    try:
        return meant_by(name) if _KNOWN.fullmatch(name) else None
    except LookupError:  # such as windows-999
        return None


def _decoded(data: bytes, codec: str) -> bytes:
    try:
        return data.decode(codec).encode()
    except UnicodeError as error:  # a lone surrogate can't be encoded
        raise FileFault("encoding", f"is not valid {codec.upper()}: {error}"[:200]) from error
