"""Unpacking of the four compressions. All members, streams and frames of a file are read.

pyarrow unpacks Zstandard: it raises if a frame is cut, and releases the interpreter's lock. (``zstandard`` and fsspec
silently stop after the first frame or at a cut.) zlib-ng unpacks gzip, and Python the others: they release the lock,
too, and unlike pyarrow they let gzip files end with zeros and bzip2 files contain empty streams.
"""

import bz2
import io
import lzma
from collections.abc import Callable
from functools import partial
from typing import IO, Final, Protocol

import pyarrow as pa

from tokaudit.readers.faults import FileFault, unreadable
from tokaudit.readers.unpack.inflate import GZIP, INFLATE_ERRORS, inflating
from tokaudit.readers.unpack.magic import COMPRESSIONS, may_be_compressed
from tokaudit.readers.unpack.zstd_dictionary import DictionaryFrames, has_dictionary

_PIECE: Final = 1 << 18
# Python copies the rest of a piece for each member that ends in it, and there may be many small members.
_GZIP_PIECE: Final = 1 << 15
_DICTIONARY_HEAD: Final = 12
_DICTIONARY_PIECE: Final = 1 << 15
_XZ_MEMORY: Final = 1 << 30
ERRORS: Final[tuple[type[Exception], ...]] = (EOFError, OSError, pa.ArrowException, lzma.LZMAError, *INFLATE_ERRORS)
"""What unpacking raises for damaged data."""


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int, /) -> bytes:
        """Read up to so many bytes; empty only at the end."""
        ...

    def readinto(self, target: memoryview, /) -> int | None:
        """Fill the target from its start and return the number of bytes."""
        ...


class StoredFile(io.RawIOBase):
    """The stored bytes, counted; system errors become FileFaults here, so that they are not taken for damage.

    Attributes:
        raw: the open file.
        position: number of bytes read.
        fault: the system error, if there was one.
        head: first bytes that have been looked at but not read yet.
    """

    def __init__(self, raw: IO[bytes], look_at: int) -> None:
        self.raw = raw
        self.position = 0
        self.fault: FileFault | None = None
        self.head = b""
        self.peek(look_at)

    def peek(self, size: int) -> bytes:
        """The first bytes, before anything is read; fewer if the file is shorter."""
        try:
            while len(self.head) < size and (more := self._read(size - len(self.head))):
                self.head += more
        except FileFault:
            if not self.head:  # else what was read comes first
                raise
        return self.head[:size]

    def readable(self) -> bool:
        """True."""
        return True

    def _read(self, size: int) -> bytes:
        try:
            data = self.raw.read(size)
        except OSError as error:
            self.fault = unreadable(error)
            raise self.fault from error
        self.position += len(data)
        return data

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes."""
        head, self.head = self.head, b""
        if not head:
            return self._read(size)
        if 0 <= size < len(head):
            self.head = head[size:]
            return head[:size]
        return head + self._read(size - len(head) if size >= 0 else size)

    def move(self, place: int) -> None:
        """Go on at another place of the file.

        Raises:
            OSError: it can't seek.
        """
        self.raw.seek(place)
        self.position = place
        self.head = b""

    def readinto(self, target: memoryview) -> int:  # type: ignore[override] # typeshed: any writable buffer
        """Fill the target from its start and return the number of bytes."""
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
        """Close the file."""
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


class _Gzip:
    """``zlib`` with the interface of ``bz2`` and ``lzma``."""

    def __init__(self) -> None:
        self._inflate = inflating(GZIP)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not (self._full or self._inflate.unconsumed_tail)

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        found = self._inflate.decompress(self._inflate.unconsumed_tail + data, max(0, max_length))
        self._full = len(found) == max_length  # there may be more in zlib itself
        return found


class Members:
    """Unpacks consecutive compressed streams, the members of the file, and skips the padding between them.

    Attributes:
        place: first byte of the last member in the stored file, or of what is there in its place.
        delivered: unpacked bytes of the last member so far.
        first: whether no member came before it.
    """

    def __init__(
        self, stored: StoredFile, suffix: str, start: Callable[[], _Decompressor], padding: bytes, piece: int = _PIECE
    ) -> None:
        self._stored = stored
        self._suffix = suffix
        self._start = start
        self._padding = padding
        self._piece = piece
        self._pending = b""
        self._member: _Decompressor | None = None
        self.place = 0
        self.delivered = 0
        self.first = True

    def read(self, size: int, /) -> bytes:
        """Read up to so many bytes; empty only at the end."""
        while True:
            if self._member is None:
                self._pending = self._pending.lstrip(self._padding)
                while not self._pending:
                    piece = self._stored.read(self._piece)
                    if not piece:
                        return b""
                    self._pending = piece.lstrip(self._padding)
                self.place = self._stored.position - len(self._pending)
                self.delivered = 0
                if not may_be_compressed(self._pending, self._suffix):  # a byte would be taken for a cut member
                    kind = COMPRESSIONS[self._suffix][0]
                    raise FileFault("corrupt", f"contains other bytes after the end of its {kind} data")
                self._member = self._start()
            elif self._member.needs_input:
                self._pending = self._stored.read(self._piece)
                if not self._pending:
                    raise EOFError
            data = self._member.decompress(self._pending, size)
            self._pending = b""
            if self._member.eof:
                self._pending = self._member.unused_data
                self._member = None
                self.first = False
            if data:
                self.delivered += len(data)
                return data

    def readinto(self, target: memoryview, /) -> int:
        """Fill the target from its start and return the number of bytes."""
        data = self.read(len(target))
        target[: len(data)] = data
        return len(data)


class _Steps:
    """Reads from pyarrow in pieces of one size.

    From a cut stream, pyarrow returns a piece whole or not at all. With a fixed size, the bytes that can be read do not
    depend on the sizes that the caller asks for.
    """

    def __init__(self, source: Readable) -> None:
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


class _WithDictionary(Members):
    """Unpacks Zstandard frames with the dictionary at the start of the file."""

    def __init__(self, stored: StoredFile, suffix: str) -> None:
        self._frames = DictionaryFrames(stored.read)
        super().__init__(stored, suffix, self._frames, padding=b"", piece=_DICTIONARY_PIECE)

    def read(self, size: int, /) -> bytes:
        """Read up to so many bytes; empty only at the end."""
        self._frames.start()
        return super().read(size)


def decompressor(stored: StoredFile, suffix: str) -> Readable:
    """The uncompressed bytes of a file; ``suffix`` names the compression, ``""`` for none."""
    if suffix == ".gz":
        return Members(stored, suffix, _Gzip, padding=b"\0", piece=_GZIP_PIECE)
    if suffix == ".xz":
        return Members(stored, suffix, partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, _XZ_MEMORY), padding=b"\0")
    if suffix == ".bz2":
        return Members(stored, suffix, bz2.BZ2Decompressor, padding=b"")
    if suffix == ".zst" and has_dictionary(stored.peek(_DICTIONARY_HEAD)):
        return _WithDictionary(stored, suffix)
    if suffix == ".zst":
        return _Steps(pa.CompressedInputStream(pa.PythonFile(stored, mode="r"), "zstd"))
    return stored


def fault_of(error: Exception, stored: StoredFile, kind: str) -> FileFault:
    """The fault for what unpacking raised; ``kind`` is the name of the compression."""
    if stored.fault is not None:
        return stored.fault
    why = " ".join(str(error).split())
    if isinstance(error, EOFError) or "Truncated compressed stream" in why:
        return FileFault("cut", f"is cut off: its {kind} data stop after {stored.position} bytes")
    if "requires too much memory" in why or "Memory usage limit" in why:
        return FileFault(
            "too_large", f"needs too much memory to unpack its {kind} data: compress it again with a smaller window"
        )
    return FileFault("corrupt", f"contains damaged {kind} data: {why}")
