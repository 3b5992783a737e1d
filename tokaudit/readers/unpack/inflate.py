"""Unpacking of deflated data, as in gzip and ZIP: by zlib-ng where it has wheels, else by Python's zlib, half as fast.

Both are used alike, take the same data for damaged, and say so in the same words.
"""

import zlib
from collections.abc import Callable
from typing import Final, Protocol, cast


class Inflating(Protocol):
    """What unpacks one stream, such as `zlib.decompressobj`."""

    @property
    def eof(self) -> bool:
        """Whether the stream is at its end."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """Data that are not unpacked yet, because of the limit."""
        ...

    @property
    def unused_data(self) -> bytes:
        """The bytes behind the end."""
        ...

    def decompress(self, data: "bytes | memoryview", max_length: int = 0, /) -> bytes:
        """Unpack data, up to so many bytes; 0: all."""
        ...


Crc32 = Callable[["bytes | memoryview", int], int]
"""`zlib.crc32`."""


def _fastest() -> tuple[Callable[[int], Inflating], tuple[type[Exception], ...], Crc32]:
    """What makes an inflating object, what it raises for damaged data, and its check sum."""
    try:
        from zlib_ng import zlib_ng  # noqa: PLC0415 - it may be missing
    except ImportError:
        return cast("Callable[[int], Inflating]", zlib.decompressobj), (zlib.error,), zlib.crc32
    error = cast("type[Exception]", zlib_ng.error)
    return cast("Callable[[int], Inflating]", zlib_ng.decompressobj), (error, zlib.error), zlib_ng.crc32


GZIP: Final = 16 + zlib.MAX_WBITS
"""Data with the header and the check sum of gzip, for `inflating`; see zlib for others."""

inflating: Callable[[int], Inflating]
INFLATE_ERRORS: tuple[type[Exception], ...]
crc32: Crc32
inflating, INFLATE_ERRORS, crc32 = _fastest()
