"""The uncompressed bytes of a file; a cut, damaged or misnamed file always raises.

pyarrow unpacks gzip and Zstandard: it reads all members and frames, raises if one is cut, and releases the
interpreter's lock. (``zstandard`` and fsspec silently stop after the first frame or at a cut.) pyarrow fails on bzip2
files with empty streams and lacks xz, so Python unpacks these two.
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
_XZ_CHECK: Final = 7
_ZSTD_FRAME: Final = b"\x28\xb5\x2f\xfd"
_ARROW: Final = {".gz": "gzip", ".zst": "zstd"}
_ERRORS: Final = (EOFError, OSError, pa.ArrowException, lzma.LZMAError)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readinto(self, target: memoryview, /) -> int | None: ...


class _Stored(io.RawIOBase):
    """The stored bytes, counted; system errors become FileFaults here, so that they are not taken for damage."""

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
    """The common interface of ``bz2`` and ``lzma``."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Members:
    """Unpacks consecutive compressed streams and skips the padding between them."""

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
    """Reads from pyarrow in pieces of one size.

    From a cut stream, pyarrow returns a piece whole or not at all. With a fixed size, the bytes that can be read do not
    depend on the sizes that the caller asks for.
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
    """The uncompressed bytes of a file, read once from start to end."""

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
        """Read up to ``size`` bytes; empty only at the end.

        Raises:
            FileFault: the file is cut or damaged, or the system can't read it.
        """
        try:
            return self._source.read(size)
        except _ERRORS as error:
            raise self._fault(error) from error

    def readinto(self, target: memoryview) -> int:
        """Fill `target` from its start and return the number of bytes, which is 0 only at the end.

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
            return FileFault("cut", f"is cut off: its {self._kind} data stop after {self._stored.position} bytes")
        return FileFault("corrupt", f"contains damaged {self._kind} data: {' '.join(str(error).split())}")

    def position(self) -> int:
        """The number of bytes of the stored file read so far."""
        return self._stored.position

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stored.close()


def unpacked(raw: IO[bytes], suffix: str) -> ByteStream:
    """The uncompressed stream of an open file; ``suffix`` names the compression, ``""`` for none.

    Raises:
        FileFault: an empty compressed file, or a file whose content does not match the suffix.
    """
    stored = _Stored(raw)
    head = stored.head
    found = compression_of(head)
    if suffix:
        kind, magic = COMPRESSIONS[suffix]
        if not head:
            raise FileFault("cut", f"is empty, which a {kind} file never is")
        if not any(head[: len(number)] == number[: len(head)] for number in magic):
            really = f"it is {COMPRESSIONS[found][0]}" if found else f"it does not begin like {kind}"
            raise FileFault("wrong_format", f"its name ends in {suffix}, but {really}: rename it")
    elif found:
        kind = COMPRESSIONS[found][0]
        raise FileFault("wrong_format", f"it is {kind}, so its name must end in {found}: rename it")
    return ByteStream(stored, suffix)


def has_check_sum(file: InputFile) -> bool:
    """Whether the compression of a file covers its content with check sums; False if it can't be opened.

    gzip and bzip2 always do. xz and Zstandard say so in their first block or frame, which is looked at.
    """
    try:
        with file.open() as raw:
            head = raw.read(_HEAD)
    except OSError:
        return False
    suffix = compression_of(head)
    if suffix == ".xz":
        return len(head) > _XZ_CHECK and head[_XZ_CHECK] & 0x0F != 0  # the kind of check, 0 for none
    if suffix == ".zst":
        return head.startswith(_ZSTD_FRAME) and len(head) > 4 and bool(head[4] & 0x04)  # RFC 8878, 3.1.1.1.1
    return bool(suffix)


def open_stream(file: InputFile) -> ByteStream:
    """Open a file for its uncompressed bytes; its name says how it is compressed, and its first bytes must agree.

    Raises:
        FileFault: as for ``unpacked``.
        OSError: the file can't be opened.
    """
    raw = file.open()
    try:
        return unpacked(raw, compression_suffix(file.name))
    except BaseException:
        raw.close()
        raise


def read_whole(file: InputFile, most: int) -> tuple[bytes, int]:
    """All uncompressed bytes of a file, and the number of stored bytes.

    Raises:
        FileFault: as for ``unpacked``, and for more than ``most`` bytes.
        OSError: the file can't be opened.
    """
    if file.data is not None and not compression_suffix(file.name) and not compression_of(file.data[:_HEAD]):
        return file.data, len(file.data)
    pieces = []
    size = 0
    at_once = min(_WHOLE_PIECE, file.size + _LEAST)  # for a small file, ask for no more than there is
    with open_stream(file) as stream:
        while piece := stream.read(at_once):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise FileFault("malformed", f"is longer than {most} bytes, too long for one document: split it")
        position = stream.position()
    return pieces[0] if len(pieces) == 1 else b"".join(pieces), position
