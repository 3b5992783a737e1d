"""Finding a member of a damaged gzip file by its first bytes."""

from collections.abc import Callable
from typing import IO, Final

from tokaudit.readers.unpack.inflate import GZIP, INFLATE_ERRORS, inflating

_MAGIC: Final = b"\x1f\x8b\x08"
_STEP: Final = 1 << 20
_HEAD: Final = 1 << 13
"""Stored bytes that are enough to unpack the first bytes of a member, whatever its header has."""
_SHOWN: Final = 1 << 13
_STEP_OUT: Final = 1 << 6
"""Bytes unpacked at once, so that the start of a small member shows although its check sum is wrong."""


def next_member(raw: IO[bytes], place: int, begins: Callable[[bytes], bool], within: int | None = None) -> int | None:
    """The place of the next member in a stored file whose first bytes are as wanted; None if there is none.

    Args:
        raw: the stored file.
        place: where to begin.
        begins: a function from the first bytes that a member unpacks to, to whether it is wanted.
        within: about how many bytes are searched; None: all that follow.

    Raises:
        OSError: the file can't be read, or can't seek.
    """
    raw.seek(place)
    data, ended = b"", False
    stop = None if within is None else place + within
    while not ended and (stop is None or place < stop):
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
    inflate = inflating(GZIP)
    found = b""
    try:
        while len(found) < _SHOWN and (more := inflate.decompress(data, _STEP_OUT)):
            found += more
            data = inflate.unconsumed_tail
    except INFLATE_ERRORS:
        pass
    return found
