"""Several parts, such as the chapters of a book, packed into one entry of a batch."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

_LENGTH: Final = struct.Struct("<Q")


def pack_parts(parts: Iterable[bytes]) -> bytearray:
    """The parts, each after its length, as one entry; empty for no parts. They are not held."""
    packed = bytearray()
    for part in parts:
        packed += _LENGTH.pack(len(part))
        packed += part
    return packed


def unpack_parts(packed: bytes | bytearray) -> Iterator[bytes]:
    """Yield the parts in order.

    Raises:
        ValueError: the entry was not made by `pack_parts`.
    """
    place = 0
    while place < len(packed):
        begin = place + _LENGTH.size
        if begin > len(packed):
            raise ValueError("the length of a part is cut")
        (length,) = _LENGTH.unpack_from(packed, place)
        place = begin + length
        if place > len(packed):
            raise ValueError("a part is cut")
        yield bytes(packed[begin:place])
