"""Documents from Arrow IPC files and streams. Damaged ones may crash the process: only `child` calls this.

Uncompressed local files are mapped into memory and read batch by batch, at the places that the footer gives. Anything
else that is read from start to end is read as a stream, because a file is a stream between two marks.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import pyarrow as pa

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.arrow.blocks import FEATHER_1, MAGIC, STREAM_END, batch_rows, begins_stream
from tokaudit.readers.faults import FileFault, arrow_fault, yields_faults
from tokaudit.readers.fields.columns import any_between, check_schema, documents
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.magic import binary_format

_HEAD: Final = 1 << 16
_MARK: Final = 8  # the magic number, padded
_OLD_END: Final = bytes(4)
ERRORS: Final = (
    OSError,
    MemoryError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    NotImplementedError,
    pa.ArrowException,
)


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file.

    Attributes:
        file: the file.
        raw: its uncompressed bytes.
        seekable: whether `raw` can seek; if not, it is read from start to end.
        mapped: whether the file is local and uncompressed, so that Arrow reads it by its path.
    """

    file: InputFile
    raw: IO[bytes]
    seekable: bool
    mapped: bool


class _Once(io.RawIOBase):
    """Bytes for Arrow that are read once; the last of them are kept."""

    def __init__(self, head: bytes, raw: IO[bytes]) -> None:
        self._head = head
        self._raw = raw
        self.last = b""
        self._at = 0

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        pieces = []
        while size > 0:  # Arrow takes a short answer for the end
            piece, self._head = self._head[:size], self._head[size:]
            piece = piece or self._raw.read(size)
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        data = b"".join(pieces)
        self._at += len(data)
        self.last = (self.last + data[-_MARK:])[-_MARK:]
        return data


@yields_faults
def read_ipc(source: Source, options: ReadOptions, wanted: Int64 | None) -> Iterator[Found]:
    """Yield documents and bad records.

    Args:
        source: the file.
        options: how it is read.
        wanted: ordinals of the documents to yield, ascending; None for all.
    """
    head = source.raw.read(_HEAD)
    while 0 < len(head) < _HEAD and (more := source.raw.read(_HEAD - len(head))):
        head += more
    if not head:
        raise FileFault("cut", "is empty, which an Arrow file never is")
    if head.startswith(MAGIC):
        found = _file(source, options, wanted) if source.seekable else _stream(source, head, options, wanted)
    elif head.startswith(FEATHER_1):
        raise FileFault("wrong_format", "is Feather of version 1: write it again with pyarrow.feather.write_feather")
    elif begins_stream(head):
        found = _stream(source, head, options, wanted)
    elif MAGIC.startswith(head) or STREAM_END[:4].startswith(head[:4]):
        raise FileFault("cut", f"is cut off: the Arrow file stops after {len(head)} bytes")
    else:
        kind = binary_format(head)
        really = f"it is {kind}" if kind else "it does not begin like one"
        raise FileFault("wrong_format", f"is not an Arrow file: {really}")
    yield from found


def _top(schema: pa.Schema, columns: list[str]) -> list[int]:
    """The indices of the top-level columns that contain these columns."""
    names = schema.names
    return sorted({names.index(name if name in names else name.partition(".")[0]) for name in columns})


def _file(source: Source, options: ReadOptions, wanted: Int64 | None) -> Iterator[Found]:
    size = source.raw.seek(0, 2)
    source.raw.seek(max(0, size - len(MAGIC)))
    if size < 2 * _MARK or source.raw.read(len(MAGIC)) != MAGIC:
        raise FileFault("cut", f"is cut off: the Arrow file stops after {size} bytes")
    try:
        rows = batch_rows(source.raw)
    except ValueError as error:
        raise FileFault("corrupt", f"contains damaged Arrow data: {error}") from error
    source.raw.seek(0)
    opened: Any = pa.memory_map(source.file.path) if source.mapped else pa.PythonFile(source.raw, mode="r")
    reader = _guarded(pa.ipc.open_file, opened)
    field, columns = check_schema(reader.schema, options, source.file)
    chosen = pa.ipc.IpcReadOptions(included_fields=_top(reader.schema, columns), use_threads=False)
    reader = _guarded(pa.ipc.open_file, opened, options=chosen)
    if reader.num_record_batches != len(rows):
        raise FileFault("corrupt", "contains damaged Arrow data: the footer contradicts itself")
    end = 0
    for number, count in enumerate(rows):
        first, end = end, end + count
        if not count or (wanted is not None and not any_between(wanted, first, end)):
            continue
        batch = _guarded(reader.get_batch, number)
        if batch.num_rows != count:
            raise FileFault("corrupt", "contains damaged Arrow data: a record batch contradicts its metadata")
        yield from documents(batch, field, options, first, size * (number + 1) // len(rows), wanted)


def _stream(source: Source, head: bytes, options: ReadOptions, wanted: Int64 | None) -> Iterator[Found]:
    in_file = head.startswith(MAGIC)
    raw = _Once(b"", source.raw) if source.mapped else _Once(head[_MARK if in_file else 0 :], source.raw)
    opened: Any = pa.memory_map(source.file.path) if source.mapped else pa.PythonFile(raw, mode="r")
    reader = _guarded(pa.ipc.open_stream, opened)
    field, columns = check_schema(reader.schema, options, source.file)
    if source.mapped:  # what is read once can't be opened again, so all its columns are read
        chosen = pa.ipc.IpcReadOptions(included_fields=_top(reader.schema, columns), use_threads=False)
        opened.seek(0)
        reader = _guarded(pa.ipc.open_stream, opened, options=chosen)
    first = 0
    while (batch := _guarded(_next, reader)) is not None:
        if wanted is not None and (not len(wanted) or first > wanted[-1]):
            return
        if wanted is None or any_between(wanted, first, first + batch.num_rows):
            yield from documents(batch, field, options, first, opened.tell(), wanted)
        first += batch.num_rows
    if in_file:
        if not _rest(raw).endswith(MAGIC):
            raise FileFault("cut", "is cut off: the Arrow file has no footer")
    else:
        _check_end(opened if source.mapped else None, raw)


def _check_end(mapped: Any, raw: _Once) -> None:
    """Raise a FileFault if a stream that was read to its end has no mark there, or is not at the end of the file."""
    if mapped is not None:
        end = mapped.tell()
        mapped.seek(max(0, end - _MARK))
        last, more = mapped.read(_MARK), mapped.size() - end
    else:
        last, more = raw.last, len(_rest(raw))
    if last != STREAM_END and (last[-4:] != _OLD_END or more):
        raise FileFault("cut", "is cut off: the Arrow stream has no end")
    if more:
        raise FileFault("corrupt", "is damaged: bytes follow the end of the Arrow stream")


def _rest(raw: _Once) -> bytes:
    """The last bytes of what has not been read; empty if there is nothing."""
    last = b""
    while data := raw.read(_HEAD):
        last = (last + data)[-_MARK:]
    return last


def _next(reader: Any) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None


def _guarded(call: Any, *arguments: Any, **named: Any) -> Any:
    """Call Arrow; its errors become FileFaults."""
    try:
        return call(*arguments, **named)
    except MemoryError as error:
        raise FileFault("too_large", "a record batch unpacks to more than the limit of a record allows") from error
    except ERRORS as error:
        raise arrow_fault(error, "Arrow") from error
