"""The uncompressed bytes of a file; what is cut, damaged or falsely named is noticed, never passed over.

pyarrow unpacks gzip and Zstandard: it goes on over members and frames, raises on a cut one, and lets go of
the interpreter's lock (``zstandard`` and fsspec stop after the first frame or at a cut without a word). It fails
on bzip2 files with empty streams, so those are Python's, as is xz, which it has not.
"""

import bz2
import io
import lzma
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import IO, Final, Protocol, Self

import pyarrow as pa

from tokaudit.readers.faults import FileFault, unreadable
from tokaudit.readers.files import InputFile
from tokaudit.readers.magic import COMPRESSIONS, compression_of, compression_suffix

_HEAD: Final = 16
_PIECE: Final = 1 << 18
_WHOLE_PIECE: Final = 1 << 22
_LEAST: Final = 1 << 12
_XZ_MEMORY: Final = 1 << 30
_ARROW: Final = {".gz": "gzip", ".zst": "zstd"}
_ERRORS: Final = (EOFError, OSError, pa.ArrowException, lzma.LZMAError)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readinto(self, target: memoryview, /) -> int | None: ...


class _Stored(io.RawIOBase):
    """The bytes as stored, counted; an error of the system becomes a FileFault here, so none is mistaken."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw = raw
        self.position = 0
        self.fault: FileFault | None = None
        self.head = b""
        self.head = self.read(_HEAD)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        head, self.head = self.head, b""
        try:
            data = self.raw.read(size - len(head) if size >= len(head) else size)
        except OSError as error:
            self.fault = unreadable(error)
            raise self.fault from error
        self.position += len(data)
        return head + data if head else data

    def readinto(self, target: memoryview) -> int:  # type: ignore[override] # typeshed: any writable buffer
        if head := self.head[: len(target)]:
            target[: len(head)] = head
            self.head = self.head[len(head) :]
            return len(head)
        try:
            read = int(self.raw.readinto(target) or 0)  # type: ignore[attr-defined] # every binary file has it
        except OSError as error:
            self.fault = unreadable(error)
            raise self.fault from error
        self.position += read
        return read

    def close(self) -> None:
        self.raw.close()
        super().close()


class _Decompressor(Protocol):
    """What ``bz2`` and ``lzma`` have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Members:
    """Unpacks one compressed stream after the other, with the padding that may stand between them."""

    def __init__(self, stored: _Stored, start: Callable[[], _Decompressor], padding: bytes) -> None:
        self._stored = stored
        self._start = start
        self._padding = padding
        self._pending = b""
        self._member: _Decompressor | None = None

    def read(self, size: int, /) -> bytes:
        while True:
            if self._member is None:
                self._pending = self._pending.lstrip(self._padding)
                while not self._pending:
                    piece = self._stored.read(_PIECE)
                    if not piece:
                        return b""
                    self._pending = piece.lstrip(self._padding)
                self._member = self._start()
            elif self._member.needs_input:
                self._pending = self._stored.read(_PIECE)
                if not self._pending:
                    raise EOFError
            data = self._member.decompress(self._pending, size)
            self._pending = b""
            if self._member.eof:
                self._pending = self._member.unused_data
                self._member = None
            if data:
                return data

    def readinto(self, target: memoryview, /) -> int:
        data = self.read(len(target))
        target[: len(data)] = data
        return len(data)


class _Steps:
    """What pyarrow unpacks, always asked for in pieces of one size.

    Of a cut stream it gives a piece whole or not at all: how much can be read must not depend on who asks for how much.
    """

    def __init__(self, source: _Readable) -> None:
        self._source = source
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        piece = self._rest or self._source.read(_PIECE)
        self._rest = piece[size:]
        return piece[:size]

    def readinto(self, target: memoryview, /) -> int:
        if len(target) >= _PIECE and not self._rest:
            return self._source.readinto(target[:_PIECE]) or 0
        data = self.read(len(target))
        target[: len(data)] = data
        return len(data)


class ByteStream:
    """Uncompressed bytes, from start to end once."""

    def __init__(self, stored: _Stored, suffix: str) -> None:
        self._stored = stored
        self._kind = COMPRESSIONS[suffix][0] if suffix else "file"
        self._source: _Readable
        if suffix == ".xz":
            start = partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, _XZ_MEMORY)
            self._source = _Members(stored, start, padding=b"\0")
        elif suffix == ".bz2":
            self._source = _Members(stored, bz2.BZ2Decompressor, padding=b"")
        elif suffix:
            self._source = _Steps(pa.CompressedInputStream(pa.PythonFile(stored, mode="r"), _ARROW[suffix]))
        else:
            self._source = stored

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end only.

        Raises:
            FileFault: the file is cut, damaged or refused by the system.
        """
        try:
            return self._source.read(size)
        except _ERRORS as error:
            raise self._fault(error) from error

    def readinto(self, target: memoryview) -> int:
        """Fill `target` from its start, as far as it goes; the number of bytes is 0 at the end only.

        Raises:
            FileFault: as `read`.
        """
        try:
            return self._source.readinto(target) or 0
        except _ERRORS as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> FileFault:
        if self._stored.fault is not None:
            return self._stored.fault
        if isinstance(error, EOFError) or "Truncated compressed stream" in str(error):
            after = f"after {self._stored.position} bytes, before their end"
            return FileFault("cut", f"the {self._kind} data end {after}")
        return FileFault("corrupt", f"damaged {self._kind}: {' '.join(str(error).split())}")

    def position(self) -> int:
        """Bytes of the stored file that were read so far."""
        return self._stored.position

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stored.close()


def unpacked(raw: IO[bytes], suffix: str) -> ByteStream:
    """The stream of an open file that is compressed as ``suffix`` says (``""``: not at all).

    Raises:
        FileFault: a compressed file of no bytes, or one whose content is not what the suffix says.
    """
    stored = _Stored(raw)
    head = stored.head
    found = compression_of(head)
    if suffix:
        kind, magic = COMPRESSIONS[suffix]
        if not head:
            raise FileFault("cut", f"a {kind} file of no bytes")
        if not any(head[: len(number)] == number[: len(head)] for number in magic):
            really = f"it is {COMPRESSIONS[found][0]}" if found else f"it does not begin as {kind} does"
            raise FileFault("wrong_format", f"its name ends in {suffix}, but {really}: give it its right name")
    elif found:
        kind = COMPRESSIONS[found][0]
        raise FileFault("wrong_format", f"its name says uncompressed, but it is {kind}: its name must end in {found}")
    return ByteStream(stored, suffix)


def open_stream(file: InputFile) -> ByteStream:
    """The uncompressed bytes of ``file``; its name says how it is compressed, its first bytes must agree.

    Raises:
        FileFault: as ``unpacked``.
        OSError: the file can't be opened.
    """
    raw = file.open()
    try:
        return unpacked(raw, compression_suffix(file.name))
    except BaseException:
        raw.close()
        raise


def read_whole(file: InputFile, most: int) -> tuple[bytes, int]:
    """All uncompressed bytes of ``file``, and how many were stored.

    Raises:
        FileFault: as ``unpacked``, and for more than so many bytes.
        OSError: the file can't be opened.
    """
    if file.data is not None and not compression_suffix(file.name) and not compression_of(file.data[:_HEAD]):
        return file.data, len(file.data)
    pieces = []
    size = 0
    at_once = min(_WHOLE_PIECE, file.size + _LEAST)  # of a small file no more is asked for than there is
    with open_stream(file) as stream:
        while piece := stream.read(at_once):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise FileFault("malformed", f"longer than {most} bytes, too long for one document: split it")
        position = stream.position()
    return pieces[0] if len(pieces) == 1 else b"".join(pieces), position
