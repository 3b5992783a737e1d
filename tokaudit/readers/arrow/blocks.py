"""The outline of Arrow IPC files, read without Arrow: whether bytes begin a stream, and the rows of each record batch.

The metadata are Flatbuffers (Message.fbs, File.fbs and Schema.fbs of Arrow). Only the few fields that are needed are
followed. In damaged metadata each step may lead anywhere: it ends in a ValueError, never outside of the bytes.
"""

import struct
from typing import IO, Final

MAGIC: Final = b"ARROW1"
FEATHER_1: Final = b"FEA1"
STREAM_END: Final = b"\xff\xff\xff\xff\0\0\0\0"

_CONTINUED: Final = b"\xff\xff\xff\xff"
_SCHEMA: Final = 1
_RECORD_BATCH: Final = 3
# Fields of the tables, in the order of their definition.
_MESSAGE_HEADER_TYPE: Final = 1
_MESSAGE_HEADER: Final = 2
_FOOTER_BATCHES: Final = 3
_BATCH_LENGTH: Final = 0
_BLOCK: Final = struct.Struct("<qi4xq")  # offset, bytes of metadata, bytes of the body
_MOST_METADATA: Final = 1 << 26


class _Table:
    """A table of a Flatbuffer."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._vtable = at - self._number("<i", at)
        self._fields = (self._number("<H", self._vtable) - 4) // 2

    @classmethod
    def root(cls, data: bytes) -> "_Table":
        return cls(data, cls._at_number(data, "<I", 0))

    @staticmethod
    def _at_number(data: bytes, kind: str, at: int) -> int:
        if not 0 <= at <= len(data) - struct.calcsize(kind):
            raise ValueError("metadata point outside of themselves")
        return int(struct.unpack_from(kind, data, at)[0])

    def _number(self, kind: str, at: int) -> int:
        return self._at_number(self._data, kind, at)

    def _place(self, field: int) -> int | None:
        """Where the value of a field is; None if it has its default."""
        if field >= self._fields:
            return None
        place = self._number("<H", self._vtable + 4 + 2 * field)
        return self._at + place if place else None

    def number(self, field: int, kind: str) -> int:
        """A number; 0 by default."""
        place = self._place(field)
        return 0 if place is None else self._number(kind, place)

    def table(self, field: int) -> "_Table":
        """A table in a field."""
        place = self._place(field)
        if place is None:
            raise ValueError("metadata lack a part")
        return _Table(self._data, place + self._number("<I", place))

    def structs(self, field: int, kind: struct.Struct) -> list[tuple[int, ...]]:
        """A vector of structs; empty by default."""
        place = self._place(field)
        if place is None:
            return []
        start = place + self._number("<I", place)
        end = start + 4 + self._number("<I", start) * kind.size
        if end > len(self._data):
            raise ValueError("metadata point outside of themselves")
        return list(kind.iter_unpack(self._data[start + 4 : end]))


def begins_stream(head: bytes) -> bool:
    """Whether bytes begin an Arrow stream: with the message of a schema, which may be longer than the bytes."""
    start = 8 if head.startswith(_CONTINUED) else 4  # streams of Arrow before 0.15 lack the first four bytes
    if len(head) < start:
        return False
    size = struct.unpack_from("<i", head, start - 4)[0]
    if not 16 <= size <= _MOST_METADATA:
        return False
    try:
        return _Table.root(head[start : start + size]).number(_MESSAGE_HEADER_TYPE, "<B") == _SCHEMA
    except ValueError:
        return False


def batch_rows(raw: IO[bytes]) -> list[int]:
    """The number of rows of each record batch of a file (not a stream).

    Raises:
        ValueError: the file is not an Arrow file, or is damaged.
        OSError: it can't be read.
    """
    size = raw.seek(0, 2)
    if size < 2 * len(MAGIC) + 4:
        raise ValueError("the file is too short")
    raw.seek(size - 10)
    tail = raw.read(10)
    length = struct.unpack_from("<i", tail)[0]
    if tail[4:] != MAGIC or not 0 < length <= min(size - 10, _MOST_METADATA):
        raise ValueError("the file has no footer")
    raw.seek(size - 10 - length)
    footer = _Table.root(raw.read(length))
    return [_rows(raw, size, offset, metadata) for offset, metadata, _ in footer.structs(_FOOTER_BATCHES, _BLOCK)]


def _rows(raw: IO[bytes], size: int, offset: int, metadata: int) -> int:
    if not (0 <= offset <= size and 8 <= metadata <= min(size - offset, _MOST_METADATA)):
        raise ValueError("a record batch lies outside of the file")
    raw.seek(offset)
    data = raw.read(metadata)
    message = _Table.root(data[8 if data.startswith(_CONTINUED) else 4 :])
    if message.number(_MESSAGE_HEADER_TYPE, "<B") != _RECORD_BATCH:
        raise ValueError("the footer points to something else than a record batch")
    rows = message.table(_MESSAGE_HEADER).number(_BATCH_LENGTH, "<q")
    if rows < 0:
        raise ValueError("a record batch has a negative number of rows")
    return rows
