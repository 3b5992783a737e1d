"""JSON lines: one object per line, with its text in a field.

A blank line is not a record, a byte order mark at the start is skipped, and the last of two equal keys counts. orjson
defines the content of a line; many lines are read at once only if the result is the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import orjson

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.fields import text_field_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.json_columns import JsonColumns
from tokaudit.readers.json_records import GatheredDocuments, JsonRecords, split_batches
from tokaudit.readers.lines import Lines
from tokaudit.readers.magic import UTF8_BOM, binary_format, other_unicode
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.samples import WINDOW_BYTES, FileSample, sample_windows, window_of_lines
from tokaudit.readers.skip_ahead import Seekable, seekable
from tokaudit.readers.streams import open_stream

_LINE_FEED: Final = ord("\n")

_HEAD: Final = 16
_STEP: Final = 1 << 20
_SAMPLE: Final = 1_000
# Gaps up to this size are read rather than skipped: a seek costs about as much.
_NEAR: Final = 1 << 13


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some whole lines of a file.

    Attributes:
        data: their bytes.
        starts, ends: first byte of each line in `data`, and the position of its line feed.
        offsets: first byte of each line in the file.
        ordinals: ordinals of the lines that are not blank, in order.
        number: number of the first line in the file, from 1; None if unknown.
    """

    data: memoryview
    starts: Int64
    ends: Int64
    offsets: Int64
    ordinals: Int64
    number: int | None


def _begin(data: memoryview) -> int:
    """The size of the byte order mark at the start of a file, which is not part of the first line.

    Raises:
        FileFault: these bytes can't begin a file of JSON lines.
    """
    head = bytes(data[:_HEAD])
    if found := binary_format(head):
        raise FileFault("wrong_format", f"is not JSON lines: it is {found}")
    if found := other_unicode(head):
        raise FileFault("encoding", f"looks like {found}: convert it to UTF-8")
    return len(UTF8_BOM) if head.startswith(UTF8_BOM) else 0


class _Parser:
    """Parses the pieces of one file into documents."""

    def __init__(self, file: InputFile, options: ReadOptions) -> None:
        self._options = options
        self._records = JsonRecords(file, options)
        self._columns: JsonColumns | None = None

    def documents(self, piece: _Piece, position: int) -> tuple[list[Found], int]:
        """The content of the lines, copied out of the piece's memory, and the number of lines that are not blank."""
        spans = zip(piece.starts, piece.ends, strict=True)
        self._records.choose_field(piece.data[start:end] for start, end in spans)
        field = self._records.field
        if self._columns is None and field is not None:
            self._columns = JsonColumns(field, self._options.labels)
        found = None if self._columns is None else self._columns.read(piece.data, piece.starts, piece.ends)
        if found is None:
            return self._one_by_one(piece, position)
        text, labels = found
        most = self._options.batch_documents
        return list(split_batches(text, piece.ordinals, piece.offsets, labels, most, position, field)), len(text)

    def _one_by_one(self, piece: _Piece, position: int) -> tuple[list[Found], int]:
        found: list[Found] = []
        gathered = GatheredDocuments(self._options.labels)
        sample: list[dict[str, Any]] = []
        records = 0
        for place, (start, end) in enumerate(zip(piece.starts.tolist(), piece.ends.tolist(), strict=True)):
            number = None if piece.number is None else piece.number + place
            ordinal, offset = int(piece.ordinals[records]), int(piece.offsets[place])
            document = self._records.parse(piece.data[start:end], ordinal, offset, number)
            records += document is not None
            if isinstance(document, BadRecord):
                found.append(document)
            elif document is not None:
                gathered.add(document, ordinal, offset)
                if len(sample) < _SAMPLE:
                    sample.append(
                        {name: value for name, value in document.record.items() if name != self._records.field}
                    )
                del document  # it may be hundreds of megabytes
        if self._columns is not None:
            self._columns.learn(sample)
        return [*found, *gathered.batches(self._options.batch_documents, position, self._records.field)], records


def _lines_of(data: memoryview) -> tuple[Int64, Int64]:
    """The first byte of each line, and the position where its line feed is or would be."""
    values = np.frombuffer(data, np.uint8)
    steps = range(0, len(values), _STEP)  # small enough to stay in the cache
    feeds = [np.flatnonzero(values[step : step + _STEP] == _LINE_FEED) + step for step in steps]
    unended = [len(values)] if len(values) and values[-1] != _LINE_FEED else []
    ends = np.concatenate([*feeds, np.array(unended, np.int64)])
    return np.concatenate([[0], ends + 1])[: len(ends)], ends


def _spans(offsets: Int64, size: int) -> Iterator[slice]:
    """Slices of neighbouring offsets with small gaps, each about `size` bytes at most."""
    far = np.flatnonzero(np.diff(offsets) > _NEAR) + 1
    for begin, end in pairwise([0, *far.tolist(), len(offsets)]):
        start = begin
        while start < end:
            stop = int(np.searchsorted(offsets[:end], offsets[start] + size, side="right"))
            yield slice(start, stop)
            start = stop


def _wanted(raw: Seekable, offsets: Int64, room: bytearray, most: int) -> Iterator[bytes | bytearray]:
    """Yield the lines at neighbouring offsets; a line is empty if the file is shorter now.

    Args:
        raw: the file.
        offsets: first byte of each line; together they span at most the size of `room`.
        room: a buffer that is reused, because fresh memory costs more than reading into it.
        most: most bytes of a line.
    """
    *starts, last = (offsets - offsets[0]).tolist()
    raw.seek(int(offsets[0]))
    with memoryview(room) as view:
        there = raw.readinto(view[:last])
    for start in starts:
        end = room.find(b"\n", start, there)
        yield room[start : there if end < 0 else end]
    yield raw.readline(most + 1).removesuffix(b"\n")


def _picked(raw: Seekable, ordinals: Int64, offsets: Int64, size: int, most: int) -> Iterator[_Piece]:
    """Yield the lines at the offsets, in pieces of about `size` bytes."""
    held: list[bytes | bytearray] = []
    places: list[int] = []
    held_bytes = 0
    room = bytearray(size)
    for span in _spans(offsets, size):
        for place, line in enumerate(_wanted(raw, offsets[span], room, most), span.start):
            if line and not line.isspace():
                held.append(line)
                places.append(place)
                held_bytes += len(line)
        if held and (held_bytes >= size or span.stop == len(offsets)):
            ends = np.cumsum([len(line) + 1 for line in held]) - 1
            starts = np.concatenate([[0], ends[:-1] + 1])
            data = memoryview(b"\n".join(held))
            yield _Piece(data, starts, ends, offsets[places], ordinals[places], None)
            held, places, held_bytes = [], [], 0


class Jsonl(RandomAccessReader):
    """Reads JSON lines, compressed or not."""

    suffixes = (".jsonl", ".ndjson", ".jsonlines")
    doubtful_suffixes = (".json",)
    is_table = True

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is the first byte of the record's line."""
        parser = _Parser(file, options)
        with open_stream(file, options.limits) as stream:
            lines = Lines(stream, options.batch_bytes, options.limits.record)
            offset = ordinal = 0
            number = 1
            while data := lines.take():
                if number == 1:
                    offset = _begin(data)
                    data = data[offset:]
                starts, ends = _lines_of(data)
                ordinals = np.arange(ordinal, ordinal + len(starts))
                piece = _Piece(data, starts, ends, starts + offset, ordinals, number)
                found, records = parser.documents(piece, stream.position())
                offset, number, ordinal = offset + len(data), number + len(starts), ordinal + records
                del piece, data  # free a long line before its text is measured
                yield from found

    def begins(self, head: bytes, *, whole: bool) -> bool:
        """Whether the first line is a JSON object, or begins like one and is longer than the head."""
        line, end, _ = head.removeprefix(UTF8_BOM).lstrip().partition(b"\n")
        if not end and not whole:
            return line.startswith((b'{"', b"{ "))
        if not line.startswith(b"{"):
            return False
        try:
            orjson.loads(line)
        except orjson.JSONDecodeError:
            return False
        return True

    def may_begin(self, head: bytes) -> bool:
        """Whether the file looks like JSON, so that it is refused rather than counted as one text if not JSON lines."""
        return head.removeprefix(UTF8_BOM).lstrip()[:1] in {b"{", b"["}

    def has_field(self, file: InputFile, names: Sequence[str]) -> bool:
        """Whether the first record that parses has one of the fields; records in the first megabyte are looked at."""
        try:
            with open_stream(file) as stream:
                head = stream.read(_STEP)
        except (FileFault, OSError):
            return True
        for line in head.removeprefix(UTF8_BOM).splitlines():
            with suppress(orjson.JSONDecodeError):
                record = orjson.loads(line)
                return not isinstance(record, dict) or text_field_of(record, names) is not None
        return True

    def sample(self, file: InputFile, budget: int, options: ReadOptions) -> Iterator[FileSample]:
        """Samples of a small file whole, or of windows of a large one."""
        if file.size <= WINDOW_BYTES:
            return super().sample(file, budget, options)
        read = partial(self.read, options=options)
        return sample_windows(file, budget, lambda window, _, at_start: window_of_lines(read, window, at_start))

    def starts(self, file: InputFile) -> Int64:  # noqa: ARG002 - the format has no index
        """Zero alone: JSON lines have no index."""
        return np.zeros(1, np.int64)

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield only the wanted records if their offsets are known, else all; unpack a compressed file up to them."""
        if offsets is None:
            yield from self.read(file, options)
            return
        parser = _Parser(file, options)
        with open_stream(file, options.limits) as stream:
            raw = seekable(stream)
            for piece in _picked(raw, ordinals, offsets, options.batch_bytes, options.limits.record):
                yield from parser.documents(piece, raw.tell())[0]


READER: Final = Jsonl()
