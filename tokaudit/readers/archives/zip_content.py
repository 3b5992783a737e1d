"""The content of one member of a zip archive, unpacked piece by piece; its size and check sum are compared."""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable
from typing import IO, Final, Protocol

from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.inflate import INFLATE_ERRORS, crc32, inflating
from tokaudit.readers.unpack.limits import Limits, Meter

_PIECE: Final = 1 << 16
_LZMA_HEADER: Final = struct.Struct("<2HBL")
_ERRORS: Final[tuple[type[Exception], ...]] = (EOFError, OSError, ValueError, lzma.LZMAError, *INFLATE_ERRORS)


class _Unpacking(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Stored:
    """Content that is not packed."""

    eof = False
    needs_input = True

    def decompress(self, data: bytes, _: int, /) -> bytes:
        return data


class _Inflate:
    """``zlib``, which keeps input that it had no room to unpack."""

    def __init__(self) -> None:
        self._inflate = inflating(-zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inflate.decompress(data or self._inflate.unconsumed_tail, max_length)


class _Lzma:
    """``lzma`` behind the header that zip has before it (APPNOTE.TXT 5.8.8)."""

    def __init__(self) -> None:
        self._head = b""
        self._unpack: lzma.LZMADecompressor | None = None

    @property
    def eof(self) -> bool:
        return self._unpack is not None and self._unpack.eof

    @property
    def needs_input(self) -> bool:
        return self._unpack is None or self._unpack.needs_input

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        if self._unpack is None:
            self._head += data
            if len(self._head) < _LZMA_HEADER.size:
                return b""
            _, _, properties, size = _LZMA_HEADER.unpack_from(self._head)
            bits, context = divmod(properties, 9)
            choice = {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": context, "lp": bits % 5, "pb": bits // 5}
            self._unpack = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[choice])
            data = self._head[_LZMA_HEADER.size :]
        return self._unpack.decompress(data, max_length)


METHODS: Final[dict[int, Callable[[], _Unpacking]]] = {0: _Stored, 8: _Inflate, 12: bz2.BZ2Decompressor, 14: _Lzma}
"""Number of the method of zip -> its unpacking."""


class Packed(Protocol):
    """What is known about a member."""

    @property
    def method(self) -> int:
        """Number of the method."""
        ...

    @property
    def crc(self) -> int:
        """Check sum of the content."""
        ...

    @property
    def packed(self) -> int:
        """Bytes of the packed content."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the content."""
        ...


class ZipContent:
    """Unpacks a member from its start.

    Args:
        raw: the archive.
        start: first byte of the packed content.
        member: its method, sizes and check sum.
        limits: limits on unpacked bytes.
        meter: counts the unpacked bytes.
    """

    def __init__(self, raw: IO[bytes], start: int, member: Packed, limits: Limits, meter: Meter) -> None:
        self._raw = raw
        self._start = start
        self._member = member
        self._limits = limits
        self._meter = meter
        self._unpack = METHODS[member.method]()
        self._taken = self._given = self._crc = 0

    def read(self, place: int, size: int) -> bytes:
        """Up to so many bytes of the content at a place, which is where the last reading ended.

        Raises:
            FileFault: the content is damaged, or it unpacks to more than the limits allow.
        """
        data = b""
        while not data:
            data = self._next(min(size, _PIECE))
        if place + len(data) > self._member.size:
            raise FileFault("corrupt", f"is damaged: it unpacks to more than its {self._member.size} bytes")
        self._given = place + len(data)
        self._crc = crc32(data, self._crc)
        if self._given == self._member.size:
            self._check_end()
        return data

    def _next(self, size: int) -> bytes:
        left = self._member.packed - self._taken if self._unpack.needs_input else 0
        piece = b""
        if left:
            self._raw.seek(self._start + self._taken)
            piece = self._raw.read(min(size, left))  # content that is not packed must not be longer
            self._taken += len(piece)
            if not piece:
                raise FileFault("cut", "is cut off")
        try:
            data = self._unpack.decompress(piece, size)
        except _ERRORS as error:
            raise FileFault("corrupt", f"contains damaged data: {' '.join(str(error).split())}") from error
        if not data and (not piece or self._unpack.eof):
            raise FileFault("corrupt", f"is damaged: it unpacks to less than its {self._member.size} bytes")
        self._meter.add(len(data), self._limits)
        return data

    def _check_end(self) -> None:
        if self._crc != self._member.crc:
            raise FileFault("corrupt", "is damaged: its check sum is wrong")
