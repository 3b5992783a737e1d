"""The uncompressed bytes of a file; a cut or damaged file always raises. The first bytes say how it is compressed."""

import io
from collections.abc import Callable
from types import TracebackType
from typing import IO, Final, Literal, Self, cast

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.decompressors import ERRORS, Members, Readable, StoredFile, decompressor, fault_of
from tokaudit.readers.unpack.gzip_members import next_member
from tokaudit.readers.unpack.limits import DEFAULTS, Limits, Meter, longer_than
from tokaudit.readers.unpack.magic import (
    COMPRESSIONS,
    compression_of,
    compression_suffix,
    is_printable,
    is_tar,
    may_be_compressed,
)

_HEAD: Final = 16
_LONG_HEAD: Final = 512
_WHOLE_PIECE: Final = 1 << 22
_LEAST: Final = 1 << 12
_XZ_CHECK: Final = 7
_MOST_AGAIN: Final = 1 << 30
"""Most stored bytes of damaged members that are read again, so that no file can be made that takes forever."""
_ZSTD_FRAME: Final = b"\x28\xb5\x2f\xfd"


Whole = bytes | bytearray


class ByteStream:
    """The uncompressed bytes of a file, read once from start to end.

    Attributes:
        compression: suffix of the compression that the first bytes show; ``""`` for none.
    """

    def __init__(self, stored: StoredFile, suffix: str, limits: Limits = DEFAULTS) -> None:
        self.compression = suffix
        self._stored = stored
        self._limits = limits
        self._meter = limits.meter or Meter(self.position)
        self._source: Readable = decompressor(stored, suffix)
        self._again = 0

    def read(self, size: int) -> bytes:
        """Read up to ``size`` bytes; empty only at the end.

        Raises:
            FileFault: the file is cut or damaged, the system can't read it, or it unpacks to more than the limits
                allow.
        """
        try:
            data = self._source.read(size)
        except ERRORS as error:
            raise self._fault(error) from error
        if self.compression:
            self._meter.add(len(data), self._limits)
        return data

    def readinto(self, target: memoryview) -> int:
        """Fill `target` from its start and return the number of bytes, which is 0 only at the end.

        Raises:
            FileFault: as `read`.
        """
        try:
            read = self._source.readinto(target) or 0
        except ERRORS as error:
            raise self._fault(error) from error
        if self.compression:
            self._meter.add(read, self._limits)
        return read

    def damaged(self) -> int | None:
        """The number of bytes read that are of the member that is damaged, after a fault; None if it is the only one.

        Zero for a file that is not compressed, or whose compression does not tell members apart.
        """
        if not isinstance(self._source, Members):
            return 0
        return None if self._source.first else self._source.delivered

    def skip_damage(self, begins: Callable[[bytes], bool]) -> bool:
        """Go on behind a damaged member of a gzip file; False if nothing more can be read.

        Args:
            begins: a function from the first bytes of a member to whether it may be a whole member.
        """
        if self.compression != ".gz" or not isinstance(self._source, Members):
            return False
        try:
            read = self._stored.position
            place = next_member(self._stored.raw, self._source.place + 1, begins)
            if place is None:
                return False
            self._again += max(0, read - place)
            if self._again > _MOST_AGAIN:
                return False
            self._stored.move(place)
        except OSError:  # it can't seek
            return False
        self._source = later = decompressor(self._stored, self.compression)
        assert isinstance(later, Members), "gzip has members"
        later.first = False
        return True

    def _fault(self, error: Exception) -> FileFault:
        return fault_of(error, self._stored, COMPRESSIONS[self.compression][0] if self.compression else "file")

    def position(self) -> int:
        """The number of bytes of the stored file read so far."""
        return self._stored.position

    def rewound(self) -> IO[bytes]:
        """The stored file, from its start.

        Raises:
            OSError: it can't be read twice.
        """
        self._stored.raw.seek(0)
        return self._stored.raw

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stored.close()


def unpacked(raw: IO[bytes], suffix: str, limits: Limits = DEFAULTS) -> ByteStream:
    """The uncompressed stream of an open file.

    Its first bytes say how it is compressed. If they show no compression, it is a plain file; but if its name says that
    it is compressed, it must be text or a tar archive.

    Args:
        raw: the file.
        suffix: the compression that its name says; ``""`` for none.
        limits: limits on what it may unpack to.

    Raises:
        FileFault: an empty file whose name says that it is compressed, or content that is neither text nor compressed.
    """
    stored = StoredFile(raw, _HEAD)
    found = compression_of(stored.head)
    if suffix and not found:
        kind = COMPRESSIONS[suffix][0]
        if not stored.head:
            raise FileFault("cut", f"is empty, which a {kind} file never is")
        if may_be_compressed(stored.head, suffix):  # cut, or damaged
            found = suffix
        elif not _is_readable(stored.peek(_LONG_HEAD)):
            raise FileFault("wrong_format", f"its name ends in {suffix}, but it does not begin like {kind}: rename it")
    return ByteStream(stored, found, limits)


def plain_stream(raw: io.RawIOBase) -> ByteStream:
    """The bytes of an open file that is not compressed, whatever its first bytes look like.

    Raises:
        FileFault: the system can't read it.
    """
    return ByteStream(StoredFile(cast("IO[bytes]", raw), _HEAD), "")


def _is_readable(head: bytes) -> bool:
    """Whether a file that is not compressed may be read although its name says that it is."""
    return is_printable(head, whole=len(head) < _LONG_HEAD) or is_tar(head)


def has_check_sum(file: InputFile) -> bool:
    """Whether the compression of a file covers its content with check sums; False if it can't be opened.

    gzip and bzip2 always do. xz and Zstandard say so in their first block or frame, which is looked at.
    """
    head = file.data
    if head is None:
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


def open_stream(file: InputFile, limits: Limits = DEFAULTS) -> ByteStream:
    """Open a file for its uncompressed bytes; its first bytes say how it is compressed, see `unpacked`.

    Raises:
        FileFault: as for ``unpacked``.
        OSError: the file can't be opened.
    """
    raw = file.open()
    try:
        return unpacked(raw, compression_suffix(file.name), limits)
    except BaseException:
        raw.close()
        raise


def read_whole(file: InputFile, limits: Limits, limit: Literal["record", "page"] = "record") -> tuple[Whole, int]:
    """All uncompressed bytes of a file that is one record or page, and the number of stored bytes.

    Raises:
        FileFault: as for ``unpacked``, and for more bytes than the limit of this name allows.
        OSError: the file can't be opened.
    """
    most = getattr(limits, limit)
    if file.data is not None and not compression_suffix(file.name) and not compression_of(file.data[:_HEAD]):
        if len(file.data) > most:
            raise longer_than("is", most, limit)
        return file.data, len(file.data)
    at_once = min(_WHOLE_PIECE, file.size + _LEAST)  # for a small file, ask for no more than there is
    with open_stream(file, limits) as stream:
        first = stream.read(at_once)
        piece = stream.read(at_once) if first else b""
        data = bytearray(first) if piece else first  # it grows in place, while pieces would need twice the memory
        while piece:
            data += piece
            if len(data) > most:
                raise longer_than("is", most, limit)
            piece = stream.read(at_once)
        position = stream.position()
    if len(data) > most:
        raise longer_than("is", most, limit)
    return data, position
