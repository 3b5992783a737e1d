"""Parquet: one document a row, its text in a column of strings, or of bytes that are UTF-8."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.batches import BadRecord, ReadOptions, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.columns import check_schema, documents
from tokaudit.readers.faults import FileFault, unreadable, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.magic import PARQUET, binary_format
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.samples import WINDOW_BYTES, FileSample

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_LENGTH_BYTES: Final = 4
_BUFFER: Final = 1 << 20
# Rows are decoded in steps so small that even the longest text of a dictionary, which may stand in every row,
# makes no more bytes than this.
_STEP_BYTES: Final = 64_000_000
_STEP_ROWS: Final = 512
_ENCRYPTED: Final = b"PARE"
_ERRORS: Final = (OSError, MemoryError, ValueError, pa.ArrowException)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A zigzag varint of Thrift's compact protocol, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at


def _dictionary_bytes(raw: IO[bytes], chunk: "pq.ColumnChunkMetaData") -> int:
    """Unpacked bytes of a column chunk's dictionary: no text in it is longer.

    The header of a page begins with two fields, its type and its unpacked size (parquet.thrift, PageHeader).
    Where that can't be found, the chunk's whole size is returned.
    """
    try:
        raw.seek(chunk.dictionary_page_offset)
        head = raw.read(16)
        _, at = _varint(head, 1)
        size, _ = _varint(head, at + 1)
    except (IndexError, ValueError, TypeError):
        return int(chunk.total_uncompressed_size)
    return size if head[0] == head[at] == 0x15 and size >= 0 else int(chunk.total_uncompressed_size)


def _rows_at_once(raw: IO[bytes], parquet: "pq.ParquetFile", group: int, columns: list[str], batch_bytes: int) -> int:
    """How many rows of a row group to decode at once."""
    meta = parquet.metadata.row_group(group)
    places = [place for place in range(meta.num_columns) if parquet.schema.column(place).path in columns]
    # Asking for damaged metadata of a column ends the whole process (pyarrow 26). Opening it to read no rows meets
    # the same damage and raises.
    next(parquet.reader.iter_batches(0, row_groups=[group], column_indices=places, use_threads=False), None)
    rows = _STEP_ROWS
    for place in places:
        chunk = meta.column(place)
        rows = min(rows, batch_bytes // max(1, chunk.total_uncompressed_size // max(1, meta.num_rows)))
        if "DELTA_BYTE_ARRAY" in chunk.encodings:
            rows = min(rows, 16)  # a text may be all of the one before it
        if chunk.has_dictionary_page:
            rows = min(rows, _STEP_BYTES // max(1, _dictionary_bytes(raw, chunk)))
    return max(1, rows)


def _steps(
    raw: IO[bytes], parquet: "pq.ParquetFile", group: int, columns: list[str], batch_bytes: int
) -> Iterator[pa.RecordBatch]:
    """A row group, some rows at a time: all its rows, or a FileFault."""
    missing = parquet.metadata.row_group(group).num_rows
    choice: dict[str, Any] = {"row_groups": [group], "columns": columns, "use_threads": False}
    try:
        steps = parquet.iter_batches(_rows_at_once(raw, parquet, group, columns, batch_bytes), **choice)
        for batch in steps:
            missing -= batch.num_rows
            yield batch
    except _ERRORS as error:
        raise _fault(error) from error
    if missing:
        raise FileFault("corrupt", f"damaged Parquet: {abs(missing)} rows missing or too many in row group {group}")


def _rows(meta: "pq.FileMetaData") -> list[int]:
    """Rows of each row group, or a FileFault."""
    rows = [meta.row_group(group).num_rows for group in range(meta.num_row_groups)]
    if any(count < 0 for count in rows) or sum(rows) != meta.num_rows:
        raise FileFault("corrupt", "damaged Parquet: its footer contradicts itself on the number of rows")
    return rows


def _gathered(batches: Iterable[pa.RecordBatch], batch_bytes: int) -> Iterator[pa.RecordBatch]:
    """Neighbouring batches put together, up to about ``batch_bytes``."""
    held: list[pa.RecordBatch] = []
    held_bytes = 0
    for batch in batches:
        size = batch.nbytes
        if held and held_bytes + size > batch_bytes:
            yield _together(held)
            held, held_bytes = [], 0
        held.append(batch)
        held_bytes += size
    if held:
        yield _together(held)


def _together(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def _any_between(wanted: Int64, first: int, end: int) -> bool:
    """Whether a wanted ordinal lies from ``first`` to before ``end``."""
    return bool(np.searchsorted(wanted, first) < np.searchsorted(wanted, end))


def _check_ends(raw: IO[bytes], file: InputFile) -> None:
    """Raise FileFault where the first and last bytes are not those of a Parquet file."""
    head = raw.read(16)
    size = raw.seek(0, 2)
    if not head:
        raise FileFault("cut", "a Parquet file of no bytes")
    if head[:4] == _ENCRYPTED:
        raise FileFault("wrong_format", "encrypted Parquet, which is not read")
    if head[:4] != PARQUET[: len(head)]:
        found = binary_format(head)
        really = f"it is {found}" if found else "it does not begin with PAR1"
        raise FileFault("wrong_format", f"{file.name} is no Parquet file: {really}")
    tail = b""
    if size >= 12:
        raw.seek(size - 8)
        tail = raw.read(8)
    if tail[4:] == _ENCRYPTED:
        raise FileFault("wrong_format", "encrypted Parquet, which is not read")
    if tail[4:] != PARQUET:
        raise FileFault("cut", f"a Parquet file that ends after {size} bytes, before its end")
    if struct.unpack("<I", tail[:4])[0] > size - 12:
        raise FileFault("corrupt", "damaged Parquet: its footer is said to be longer than the file")
    raw.seek(0)


def _fault(error: Exception) -> FileFault:
    # Arrow's own complaints are bare OSErrors; the system's have a number or a class of their own.
    if isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError):
        return unreadable(error)
    return FileFault("corrupt", f"damaged Parquet: {' '.join(str(error).split())[:300]}")


class Parquet(RandomAccessReader):
    """Reads the text column, and those of labels, some megabytes at a time."""

    suffixes = (".parquet", ".pq")
    is_table = True
    work_per_byte = 2.3

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[TextBatch | BadRecord]:
        """Documents and bad records; ``offset`` is null."""
        yield from _groups(file, options, None)

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the very start
        """Whether it begins with Parquet's mark and is no text: a text may begin so."""
        return head.startswith(PARQUET) and b"\0" in head

    def sample(self, file: InputFile, budget: int, options: ReadOptions) -> Iterator[FileSample]:
        """Rows from the start; of a large file the footer knows how many there are, and about how much text."""
        for start in super().sample(file, budget, options):
            known = start.whole or not start.documents or file.size <= WINDOW_BYTES
            yield start if known else _all_rows(start, file, options)

    def starts(self, file: InputFile) -> Int64:
        """The first row of each row group."""
        try:
            with file.open() as raw:
                rows = _rows(_opened(raw, file).metadata)
        except (FileFault, *_ERRORS):  # whoever picks from it is told why
            rows = []
        return np.cumsum([0, *rows[:-1]], dtype=np.int64)

    @yields_faults
    def pick(
        self,
        file: InputFile,
        options: ReadOptions,
        ordinals: Int64,
        offsets: Int64 | None,  # noqa: ARG002 - Parquet has none
    ) -> Iterator[TextBatch | BadRecord]:
        """The wanted records; row groups that hold none are not read."""
        yield from _groups(file, options, ordinals)


def _all_rows(start: FileSample, file: InputFile, options: ReadOptions) -> FileSample:
    """What a sample from the start stands for, as the footer says."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - takes time, and most ingests read none

    with file.open() as raw:
        parquet = pq.ParquetFile(raw)
        places = [n for n in range(len(parquet.schema)) if parquet.schema.column(n).path == options.text_field]
        meta, text = parquet.metadata, 0
        for group in range(meta.num_row_groups):
            text += sum(meta.row_group(group).column(place).total_uncompressed_size for place in places)
    # A text stands in a page behind its length of four bytes; in a dictionary, many stand once.
    text -= _LENGTH_BYTES * meta.num_rows
    mean = start.text_bytes / start.documents
    return replace(start, stored=file.size, documents=meta.num_rows, text_bytes=max(text, 0) or mean * meta.num_rows)


def _opened(raw: IO[bytes], file: InputFile) -> "pq.ParquetFile":
    """The file with its footer read, or a FileFault."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    _check_ends(raw, file)
    # Arrow reads a local file by itself: by way of Python each page would be copied twice.
    local = file.data is None and "://" not in file.path
    try:
        source = pa.OSFile(file.path) if local else raw
        return pq.ParquetFile(source, page_checksum_verification=True, buffer_size=_BUFFER, pre_buffer=False)
    except _ERRORS as error:
        raise _fault(error) from error


def _groups(file: InputFile, options: ReadOptions, wanted: Int64 | None) -> Iterator[TextBatch | BadRecord]:
    """The documents, or the wanted ones, of one row group after the other."""
    with file.open() as raw:
        parquet = _opened(raw, file)
        try:
            columns = check_schema(parquet.schema_arrow, options)
            groups = _rows(parquet.metadata)
        except _ERRORS as error:
            raise _fault(error) from error
        total = parquet.metadata.num_rows
        end = 0
        for group, rows in enumerate(groups):
            first, end = end, end + rows
            if not rows or (wanted is not None and not _any_between(wanted, first, end)):
                continue
            steps = _steps(raw, parquet, group, columns, options.batch_bytes)
            # Most steps hold nothing that is picked: putting them together would copy it all.
            for batch in _gathered(steps, options.batch_bytes) if wanted is None else steps:
                before, first = first, first + batch.num_rows
                if wanted is None or _any_between(wanted, before, first):
                    yield from documents(batch, options, before, file.size * first // total, wanted)


READER: Final = Parquet()
