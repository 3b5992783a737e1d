"""Bodies of HTTP responses without chunks and compression.

Servers and crawlers write headers that do not fit: the first bytes of a body decide whether there is something to
undo. FastWARC 2.0.1 decodes bodies, too, but not so that nothing is lost in silence. Of 32 kinds that were tried, it
gave less than half of a cut gzip without a word and left bodies packed that were compressed twice. It refused
``x-gzip``, deflate without a header, chunks with extensions or bare line feeds, and bodies that are unpacked or not
chunked although their headers say otherwise. What it reads is read alike here, and all of these are read or said.
"""

import re
import zlib
from collections.abc import Callable
from typing import Final

from tokaudit.core.bad_codes import BadCode
from tokaudit.readers.unpack.inflate import GZIP, INFLATE_ERRORS, Inflating, inflating
from tokaudit.readers.unpack.limits import Limits, longer_than
from tokaudit.readers.unpack.magic import is_printable
from tokaudit.readers.warc.headers import Fields

_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_HEAD: Final = 512
_PIECE: Final = 1 << 20
_STEP: Final = 1 << 16
_ZSTD_STEP: Final = 1 << 10
"""Stored bytes of Zstandard that are unpacked at once: to 32 MB at most."""
_ZSTD_WINDOW: Final = 1 << 27
_MOST_TIMES: Final = 4
"""How often a body may be compressed."""
_CHUNK: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_UNREAD: Final = frozenset({b"compress", b"x-compress", b"sdch", b"exi", b"pack200-gzip", b"dcb", b"dcz"})


class BodyFault(Exception):  # noqa: N818 - the body has the fault, not the program
    """What is wrong with a body."""

    def __init__(self, code: BadCode, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class _Damaged(Exception):  # noqa: N818 - it may be no compressed data at all
    """Data that are not compressed as it was tried."""


class _Cut(Exception):  # noqa: N818 - it may be on purpose
    """Compressed data that stop too early, with what could be unpacked."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


_ERRORS: Final[tuple[type[Exception], ...]] = (*INFLATE_ERRORS, _Damaged)


def body_of(content: bytes, start: int, fields: Fields, limits: Limits, *, truncated: bool) -> bytes | memoryview:
    """The body of a response as the browser gets it.

    Args:
        content: the response.
        start: first byte of the body.
        fields: the fields of its header.
        limits: limits on what it may unpack to.
        truncated: whether the crawler says that it did not store the whole body, so that an end that is missing is no
            fault.

    Raises:
        BodyFault: it can't be read.
        FileFault: it unpacks to more than the limits allow.
    """
    body: bytes | memoryview = memoryview(content)[start:]
    if body[:3] != _GZIP and b"content-encoding" not in fields and b"transfer-encoding" not in fields:
        return body  # the usual case
    if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
        body = _unchunked(content, start, truncated=truncated)
    codings = _codings(fields)
    if not codings and body[:3] != _GZIP:  # the usual case
        return body
    for _ in range(_MOST_TIMES):
        coding = codings.pop() if codings else ""
        unpack = _decoder(body, coding)
        if unpack is None and not codings:
            return body
        if unpack is not None:
            body = _undone(unpack, body, limits, coding, truncated=truncated)
    if codings or body[:3] == _GZIP:
        raise BodyFault("malformed", f"its body is compressed more than {_MOST_TIMES} times")
    return body


def _codings(fields: Fields) -> list[str]:
    """What was done to a body, in order."""
    value = fields.get(b"content-encoding", b"") + b"," + fields.get(b"transfer-encoding", b"")
    codings = []
    for part in value.lower().split(b","):
        name = part.strip()
        if name in _UNREAD:
            raise BodyFault("malformed", f"its body has the encoding {name.decode()}, which is not read")
        if name in (b"gzip", b"x-gzip", b"deflate", b"br", b"zstd"):
            codings.append(name.decode())
    return codings


def _unchunked(content: bytes, start: int, *, truncated: bool) -> bytes | memoryview:
    """A chunked body in one piece; as it is if it does not begin with a chunk."""
    parts: list[memoryview] = []
    view = memoryview(content)
    at = start
    while match := _CHUNK.match(content, at):
        size = int(match[1], 16)
        if not size:
            return b"".join(parts)
        end = match.end() + size
        if end > len(content):
            if not parts and not truncated and content.find(b"\n", match.end()) < 0:
                return view[start:]  # a text that begins like a chunk
            parts.append(view[match.end() :])
            if truncated:
                return b"".join(parts)
            raise BodyFault("cut", f"its chunked body is cut off: {end - len(content):,} bytes are missing")
        parts.append(view[match.end() : end])
        at = end + 2 if content[end : end + 2] == b"\r\n" else end + (content[end : end + 1] == b"\n")
    if not parts:
        return view[start:]
    if content[at:].strip() and not truncated:
        raise BodyFault("corrupt", f"its chunked body is damaged after {at - start:,} bytes")
    return b"".join(parts)  # the last, empty chunk is missing


_Decoder = Callable[["bytes | memoryview", Limits], bytes]


def _decoder(body: bytes | memoryview, coding: str) -> _Decoder | None:
    """The function that undoes a coding; None if it was undone before."""
    if body[:3] == _GZIP:
        return _gunzip
    if body[:4] == _ZSTD and coding:
        return _unzstd
    if coding not in ("deflate", "br"):
        return None
    if coding == "br":
        return _unbrotli
    return _inflate


def _undone(
    unpack: _Decoder, body: bytes | memoryview, limits: Limits, coding: str, *, truncated: bool
) -> bytes | memoryview:
    name = coding or "gzip"
    try:
        return unpack(body, limits)
    except _Cut as cut:
        if truncated:
            return cut.data
        if not cut.data and _is_text(body):
            return body
        raise BodyFault("cut", f"its body is cut off: its {name} data stop too early") from cut
    except _ERRORS as error:
        if _is_text(body):
            return body
        raise BodyFault("corrupt", f"its body contains damaged {name} data") from error


def _is_text(body: bytes | memoryview) -> bool:
    """Whether a body is text, so that its encoding was undone before it was stored."""
    head = bytes(body[:_HEAD])
    return head.lstrip()[:1] == b"<" or is_printable(head, whole=len(body) <= _HEAD)


class _Unpacked:
    """Unpacked data, within limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.data = bytearray()

    def add(self, data: bytes) -> None:
        """Add a piece.

        Raises:
            FileFault: there is more than the limits allow.
        """
        self.data += data
        if len(self.data) > self._limits.page:
            raise longer_than("its body unpacks to something", self._limits.page, "page")
        if self._limits.meter is not None:
            self._limits.meter.add(len(data), self._limits)


def _inflated(inflate: Inflating, body: memoryview, found: _Unpacked) -> int:
    """Unpack one stream and return the position behind it."""
    at = 0
    while not inflate.eof:
        piece: bytes | memoryview = inflate.unconsumed_tail
        if not piece:
            piece = body[at : at + _STEP]
            at += len(piece)
        data = inflate.decompress(piece, _PIECE)
        found.add(data)
        if not data and not piece:
            raise _Cut(bytes(found.data))
    return at - len(inflate.unused_data)


def _gunzip(body: bytes | memoryview, limits: Limits) -> bytes:
    """Unpack all members; other bytes behind them are passed over, as browsers do."""
    found = _Unpacked(limits)
    rest = memoryview(body)
    while bytes(rest[:3]) == _GZIP:
        rest = rest[_inflated(inflating(GZIP), rest, found) :]
    return bytes(found.data)


def _inflate(body: bytes | memoryview, limits: Limits) -> bytes:
    """Unpack with the header of zlib or, as some servers write it, without."""
    found = _Unpacked(limits)
    has_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    _inflated(inflating(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS), memoryview(body), found)
    return bytes(found.data)


def _unbrotli(body: bytes | memoryview, limits: Limits) -> bytes:
    import brotli  # noqa: PLC0415 - few crawls need it

    found = _Unpacked(limits)
    decompressor = brotli.Decompressor()
    rest = bytes(body)
    try:
        while not decompressor.is_finished():
            data = decompressor.process(rest, output_buffer_limit=_PIECE)
            found.add(data)
            if not data and not rest:
                raise _Cut(bytes(found.data))
            rest = b""
    except brotli.error as error:
        raise _Damaged from error
    return bytes(found.data)


def _unzstd(body: bytes | memoryview, limits: Limits) -> bytes:
    import zstandard  # noqa: PLC0415 - few crawls need it

    found = _Unpacked(limits)
    rest = memoryview(body)
    while bytes(rest[:4]) == _ZSTD:
        frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        at = 0
        while not frame.eof:
            piece = rest[at : at + _ZSTD_STEP]
            if not piece:
                raise _Cut(bytes(found.data))
            try:
                found.add(frame.decompress(piece))
            except zstandard.ZstdError as error:
                raise _Damaged from error
            at += len(piece)
        rest = rest[at - len(frame.unused_data) :]
    return bytes(found.data)
