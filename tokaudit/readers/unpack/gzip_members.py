"""Finding a member of a damaged gzip file by its first bytes."""

import zlib
from collections.abc import Callable
from typing import IO, Final

_MAGIC: Final = b"\x1f\x8b\x08"
_STEP: Final = 1 << 20
_HEAD: Final = 1 << 13
"""Stored bytes that are enough to unpack the first bytes of a member, whatever its header has."""
_SHOWN: Final = 1 << 13
_STEP_OUT: Final = 1 << 6
"""Bytes unpacked at once, so that the start of a small member shows although its check sum is wrong."""


def next_member(raw: IO[bytes], place: int, begins: Callable[[bytes], bool]) -> int | None:
    """The place of the next member in a stored file whose first bytes are as wanted; None if there is none.

    Args:
        raw: the stored file.
        place: where to begin.
        begins: a function from the first bytes that a member unpacks to, to whether it is wanted.

    Raises:
        OSError: the file can't be read, or can't seek.
    """
    raw.seek(place)
    data, ended = b"", False
    while not ended:
        piece = raw.read(_STEP)
        ended = not piece
        data += piece
        last = len(data) - (0 if ended else _HEAD)
        at = data.find(_MAGIC)
        while 0 <= at < last:
            if begins(_start(data[at : at + _HEAD])):
                return place + at
            at = data.find(_MAGIC, at + 1)
        place += max(0, last)
        data = data[max(0, last) :]
    return None


def _start(data: bytes) -> bytes:
    """The first bytes that a gzip member unpacks to, as far as it is whole; empty if it is none."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    found = b""
    try:
        while len(found) < _SHOWN and (more := inflate.decompress(data, _STEP_OUT)):
            found += more
            data = inflate.unconsumed_tail
    except zlib.error:
        pass
    return found
