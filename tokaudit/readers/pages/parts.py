"""Several parts, such as the chapters of a book, packed into one entry of a batch."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

_LENGTH: Final = struct.Struct("<Q")


def pack_parts(parts: Sequence[bytes]) -> bytes:
    """The parts, each after its length, as one entry; empty for no parts."""
    return b"".join(piece for part in parts for piece in (_LENGTH.pack(len(part)), part))


def unpack_parts(packed: bytes) -> Iterator[bytes]:
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
        yield packed[begin:place]
