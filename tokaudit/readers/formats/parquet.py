"""Parquet: one document per row, with its text in a column of strings or of UTF-8 bytes."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.arrow.parquet_pages import MOST_PAGES, MOST_REMOTE_PAGES, dictionary_bytes, have_check_sums
from tokaudit.readers.faults import FileFault, arrow_fault, yields_faults
from tokaudit.readers.fields.column_paths import type_of
from tokaudit.readers.fields.columns import any_between, check_schema, documents
from tokaudit.readers.files import InputFile, is_remote
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import FilePart, PartEnd
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.samples import WINDOW_BYTES, FileSample
from tokaudit.readers.unpack.magic import PARQUET, binary_format
from tokaudit.readers.unpack.metered import metered

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_LENGTH_BYTES: Final = 4
_BUFFER: Final = 1 << 20
# Rows are decoded in steps of at most this many bytes, even if the longest text of a dictionary is in every row.
_STEP_BYTES: Final = 64_000_000
_STEP_ROWS: Final = 512
_ENCRYPTED: Final = b"PARE"
_ERRORS: Final = (OSError, MemoryError, ValueError, pa.ArrowException)


def _rows_at_once(raw: IO[bytes], parquet: "pq.ParquetFile", group: int, columns: list[str], batch_bytes: int) -> int:
    """The number of rows of a row group to decode at once."""
    meta = parquet.metadata.row_group(group)
    paths = [parquet.schema.column(place).path for place in range(meta.num_columns)]
    places = [place for place, path in enumerate(paths) if path in columns or path.partition(".")[0] in columns]
    # Reading damaged metadata of a column ends the whole process (pyarrow 26). Opening the column for no rows finds
    # the same damage but raises.
    next(parquet.reader.iter_batches(0, row_groups=[group], column_indices=places, use_threads=False), None)
    rows = _STEP_ROWS
    for place in places:
        chunk = meta.column(place)
        rows = min(rows, batch_bytes // max(1, chunk.total_uncompressed_size // max(1, meta.num_rows)))
        if "DELTA_BYTE_ARRAY" in chunk.encodings:
            rows = min(rows, 16)  # a text may repeat the whole text before it
        if chunk.has_dictionary_page:
            rows = min(rows, _STEP_BYTES // max(1, dictionary_bytes(raw, chunk)))
    return max(1, rows)


def _steps(
    raw: IO[bytes], parquet: "pq.ParquetFile", group: int, columns: list[str], batch_bytes: int
) -> Iterator[pa.RecordBatch]:
    """Yield all rows of a row group, some at a time, or raise a FileFault."""
    missing = parquet.metadata.row_group(group).num_rows
    choice: dict[str, Any] = {"row_groups": [group], "columns": columns, "use_threads": False}
    try:
        steps = parquet.iter_batches(_rows_at_once(raw, parquet, group, columns, batch_bytes), **choice)
        for batch in steps:
            missing -= batch.num_rows
            yield batch
    except _ERRORS as error:
        raise arrow_fault(error, "Parquet") from error
    if missing:
        raise FileFault(
            "corrupt", f"is damaged: row group {group} has {abs(missing)} rows too {'few' if missing > 0 else 'many'}"
        )


def _rows(meta: "pq.FileMetaData") -> list[int]:
    """The number of rows of each row group; raises a FileFault if they contradict each other."""
    rows = [meta.row_group(group).num_rows for group in range(meta.num_row_groups)]
    if any(count < 0 for count in rows) or sum(rows) != meta.num_rows:
        raise FileFault("corrupt", "is damaged: its footer contradicts itself on the number of rows")
    return rows


def _gathered(batches: Iterable[pa.RecordBatch], batch_bytes: int) -> Iterator[pa.RecordBatch]:
    """Join neighbouring batches into batches of up to about ``batch_bytes``."""
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


def _check_ends(raw: IO[bytes]) -> None:
    """Raise FileFault if the first and last bytes are not those of a Parquet file."""
    head = raw.read(16)
    size = raw.seek(0, 2)
    if not head:
        raise FileFault("cut", "is empty, which a Parquet file never is")
    if head[:4] == _ENCRYPTED:
        raise FileFault("wrong_format", "is encrypted Parquet, which tokaudit can't read")
    if head[:4] != PARQUET[: len(head)]:
        found = binary_format(head)
        really = f"it is {found}" if found else "it does not begin with PAR1"
        raise FileFault("wrong_format", f"is not a Parquet file: {really}")
    tail = b""
    if size >= 12:
        raw.seek(size - 8)
        tail = raw.read(8)
    if tail[4:] == _ENCRYPTED:
        raise FileFault("wrong_format", "is encrypted Parquet, which tokaudit can't read")
    if tail[4:] != PARQUET:
        raise FileFault("cut", f"is cut off: the Parquet file stops after {size} bytes")
    if struct.unpack("<I", tail[:4])[0] > size - 12:
        raise FileFault("corrupt", "is damaged: its footer claims to be longer than the file")
    raw.seek(0)


class Parquet(RandomAccessReader):
    """Reads the text column and the label columns, some megabytes at a time."""

    suffixes = (".parquet", ".pq")
    is_table = True
    reads_from_start = False
    work_per_byte = 2.3

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is null."""
        yield from metered(_groups(file, options, None), file.size, options.limits)

    def parts(self, file: InputFile, options: ReadOptions, size: int) -> Sequence[FilePart]:  # noqa: ARG002 - any text
        """Row groups, with their stored bytes by their rows: a damaged footer may say anything of columns."""
        try:
            with file.open() as raw:
                ends = np.cumsum(_rows(_opened(raw, file).metadata), dtype=np.int64)
        except (FileFault, *_ERRORS):
            return ()
        stored = file.size * ends // max(1, int(ends[-1])) if len(ends) else ends
        found: list[FilePart] = []
        for group, place in enumerate(stored.tolist(), 1):
            begin, before = (found[-1].end, found[-1].stored) if found else (0, 0)
            if place - before >= size or group == len(stored):
                found.append(FilePart(begin, group, place, begin == 0, group == len(stored)))
        return found

    @yields_faults
    def read_part(self, file: InputFile, options: ReadOptions, part: FilePart) -> Iterator[Found | PartEnd]:
        """Yield what is in some row groups; ordinals are counted from the start of the file."""
        groups = range(part.begin, part.end)
        yield from metered(_groups(file, options, None, groups), file.size, options.limits)
        yield PartEnd()

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether the file begins with the mark of Parquet and is not a text that begins with the same letters."""
        return head.startswith(PARQUET) and b"\0" in head

    def has_field(self, file: InputFile, names: Sequence[str]) -> bool:
        """Whether the schema has one of the columns."""
        try:
            with file.open() as raw:
                schema = _opened(raw, file).schema_arrow
        except (FileFault, *_ERRORS):
            return True
        return any(type_of(schema, name) is not None for name in names)

    def is_checked(self, file: InputFile) -> bool:
        """Whether the pages with text have check sums; False for a file that can't be read."""
        try:
            with file.open() as raw:
                most = MOST_REMOTE_PAGES if is_remote(file.path) else MOST_PAGES
                return have_check_sums(raw, _opened(raw, file), most)
        except (FileFault, *_ERRORS):
            return False

    def sample(self, file: InputFile, budget: int, options: ReadOptions) -> Iterator[FileSample]:
        """A sample of rows from the start; the footer of a large file gives the number of rows and the size of text."""
        for start in super().sample(file, budget, options):
            known = start.whole or not start.documents or file.size <= WINDOW_BYTES
            yield start if known else _all_rows(start, file)

    def starts(self, file: InputFile) -> Int64:
        """The first row of each row group."""
        try:
            with file.open() as raw:
                rows = _rows(_opened(raw, file).metadata)
        except (FileFault, *_ERRORS):  # picking from the file reports the reason
            rows = []
        return np.cumsum([0, *rows[:-1]], dtype=np.int64)

    @yields_faults
    def pick(
        self,
        file: InputFile,
        options: ReadOptions,
        ordinals: Int64,
        offsets: Int64 | None,  # noqa: ARG002 - Parquet has no offsets
    ) -> Iterator[Found]:
        """Yield the wanted records; row groups without any are not read."""
        yield from _groups(file, options, ordinals)


def _all_rows(start: FileSample, file: InputFile) -> FileSample:
    """The sample from the start, extended to all rows by the footer."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import, and most ingests read no Parquet

    with file.open() as raw:
        parquet = pq.ParquetFile(raw)
        fields = {batch.text_field for batch in start.batches}
        places = [n for n in range(len(parquet.schema)) if parquet.schema.column(n).path in fields]
        meta, text = parquet.metadata, 0
        for group in range(meta.num_row_groups):
            text += sum(meta.row_group(group).column(place).total_uncompressed_size for place in places)
    # In a page, four bytes of length precede each text; in a dictionary, repeated texts are stored once.
    text -= _LENGTH_BYTES * meta.num_rows
    mean = start.text_bytes / start.documents
    return replace(start, stored=file.size, documents=meta.num_rows, text_bytes=max(text, 0) or mean * meta.num_rows)


def _opened(raw: IO[bytes], file: InputFile) -> "pq.ParquetFile":
    """Open the file and read its footer; raises a FileFault if it is damaged."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    _check_ends(raw)
    # Arrow reads a local file itself: through Python each page would be copied twice.
    local = file.local_path
    try:
        source = raw if local is None else pa.OSFile(local)
        return pq.ParquetFile(source, page_checksum_verification=True, buffer_size=_BUFFER, pre_buffer=False)
    except _ERRORS as error:
        raise arrow_fault(error, "Parquet") from error


def _groups(
    file: InputFile, options: ReadOptions, wanted: Int64 | None, chosen: range | None = None
) -> Iterator[Found]:
    """Yield all or only the wanted documents of all or of the chosen row groups, one group after the other."""
    with file.open() as raw:
        parquet = _opened(raw, file)
        try:
            field, columns = check_schema(parquet.schema_arrow, options, file)
            groups = _rows(parquet.metadata)
        except _ERRORS as error:
            raise arrow_fault(error, "Parquet") from error
        total = parquet.metadata.num_rows
        end = 0
        for group, rows in enumerate(groups):
            first, end = end, end + rows
            if not rows or (wanted is not None and not any_between(wanted, first, end)):
                continue
            if chosen is not None and group not in chosen:
                continue
            steps = _steps(raw, parquet, group, columns, options.batch_bytes)
            # When picking, most steps contain nothing wanted, and joining them would copy everything.
            for batch in _gathered(steps, options.batch_bytes) if wanted is None else steps:
                before, first = first, first + batch.num_rows
                if wanted is None or any_between(wanted, before, first):
                    yield from documents(batch, field, options, before, file.size * first // total, wanted)


READER: Final = Parquet()
