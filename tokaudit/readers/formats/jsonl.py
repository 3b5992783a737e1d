"""JSON lines: one object per line, with its text in a field.

A blank line is not a record, a byte order mark at the start is skipped, and the last of two equal keys counts. orjson
defines the content of a line; many lines are read at once only if the result is the same.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import orjson

from tokaudit.core.batches import Found
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.fields.record_paths import text_field_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.json.heads import begins_lines, may_begin_lines, start_of_json
from tokaudit.readers.json.pieces import JsonParser, JsonPiece
from tokaudit.readers.json.records import JsonRecords
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import FilePart, PartEnd, Stretch, line_starts
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.samples import WINDOW_BYTES, FileSample, sample_windows, window_of_lines
from tokaudit.readers.unpack.lines import Lines, LongLine
from tokaudit.readers.unpack.magic import UTF8_BOM
from tokaudit.readers.unpack.skip_ahead import Seekable, seekable
from tokaudit.readers.unpack.streams import ByteStream, open_stream, plain_stream

_LINE_FEED: Final = ord("\n")
_NONE: Final = np.empty(0, np.int64)
_BLANK: Final = np.isin(np.arange(256), list(b" \t\r\n"))

_STEP: Final = 1 << 20
# Gaps up to this size are read rather than skipped: a seek costs about as much.
_NEAR: Final = 1 << 13


def _lines_of(data: memoryview) -> tuple[Int64, Int64, Int64, int]:
    """The lines of some data, without most of those that are blank: a file may consist of them.

    Returns:
        The first byte of each line, the position where its line feed is or would be, its place among all lines, and
        the number of all lines.
    """
    values = np.frombuffer(data, np.uint8)
    starts, ends, places = [_NONE], [_NONE], [_NONE]
    begin = count = 0
    for step in range(0, len(values), _STEP):  # small enough to stay in the cache
        block = values[step : step + _STEP]
        feeds = np.flatnonzero(block == _LINE_FEED)
        if len(feeds):
            kept = np.flatnonzero(_not_blank(block, feeds))
            first = np.concatenate([[begin], feeds[:-1] + (step + 1)])
            starts.append(first[kept])
            ends.append(feeds[kept] + step)
            places.append(kept + count)
            begin, count = int(feeds[-1]) + step + 1, count + len(feeds)
    if begin < len(values):
        starts.append(np.array([begin]))
        ends.append(np.array([len(values)]))
        places.append(np.array([count]))
        count += 1
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(places), count


def _not_blank(block: npt.NDArray[np.uint8], feeds: Int64) -> npt.NDArray[np.bool_]:
    """Whether each line that ends at one of the feeds may be more than blanks; the first may begin before the block."""
    kept = np.ones(len(feeds), bool)
    begins = feeds[:-1] + 1
    kept[1:] = begins < feeds[1:]
    doubtful = np.flatnonzero(kept[1:] & _BLANK[block[begins]])
    if len(doubtful):
        bounds = np.stack([begins[doubtful], feeds[doubtful + 1]], axis=1).reshape(-1)
        kept[doubtful + 1] = ~np.logical_and.reduceat(_BLANK[block], bounds)[::2]
    return kept


def _begin_of(data: memoryview | LongLine) -> memoryview:
    """The first bytes of lines, or of a line."""
    return memoryview(data.begin) if isinstance(data, LongLine) else data


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


def _picked(raw: Seekable, ordinals: Int64, offsets: Int64, size: int, most: int) -> Iterator[JsonPiece]:
    """Yield the lines at the offsets, each of at most `most` bytes, in pieces of about `size` bytes."""
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
            yield JsonPiece(data, starts, ends, offsets[places], ordinals[places], None)
            held, places, held_bytes = [], [], 0


def _documents(
    parser: JsonParser, stream: ByteStream, options: ReadOptions, begin: int = 0
) -> Generator[Found, None, PartEnd]:
    """Yield the content of all lines of a stream, which begins at a byte of its file; returns how many there are."""
    lines = Lines(stream, options.batch_bytes, options.limits.record)
    offset, ordinal, number = begin, 0, 1
    while data := lines.take():
        mark = start_of_json(_begin_of(data), "JSON lines") if not offset else 0
        offset += mark
        if isinstance(data, LongLine):
            if not data.is_blank:
                yield parser.too_large(ordinal, offset, number)
                ordinal += 1
            offset, number = offset + data.size - mark, number + 1
            continue
        data = data[mark:]
        starts, ends, places, count = _lines_of(data)
        ordinals = np.arange(ordinal, ordinal + len(starts))
        piece = JsonPiece(data, starts, ends, starts + offset, ordinals, places + number)
        offset, number = offset + len(data), number + count
        found, records = parser.documents(piece, begin + stream.position())
        ordinal += records
        del piece, data  # free a long line before its text is measured
        yield from found
    return PartEnd(ordinal, number - 1)


@yields_faults
def _stretch(file: InputFile, options: ReadOptions, part: FilePart) -> Iterator[Found | PartEnd]:
    """Yield the content of a stretch of a file that is not compressed, and its end."""
    parser = JsonParser(file, options, at_start=part.first)
    with plain_stream(Stretch(file.open(), part.begin, part.end)) as stream:
        yield (yield from _documents(parser, stream, options, part.begin))


def _field_of(stream: ByteStream, file: InputFile, options: ReadOptions) -> str | None:
    """The field with the text, on which the first object decides; None if it has none or is far from the start."""
    records = JsonRecords(file, options)
    begin = stream.read(_STEP)
    records.choose_field(map(memoryview, begin.removeprefix(UTF8_BOM).splitlines()))
    return records.field


class Jsonl(RandomAccessReader):
    """Reads JSON lines, compressed or not."""

    suffixes = (".jsonl", ".ndjson", ".jsonlines")
    doubtful_suffixes = (".json",)
    is_table = True

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is the first byte of the record's line."""
        with open_stream(file, options.limits) as stream:
            yield from _documents(JsonParser(file, options), stream, options)

    def parts(self, file: InputFile, options: ReadOptions, size: int) -> Sequence[FilePart]:
        """Stretches of whole lines; none of a compressed file, or if its first object lacks the text."""
        try:
            with open_stream(file) as stream:
                if stream.compression or (field := _field_of(stream, file, options)) is None:
                    return ()
            starts = list(line_starts(file, size))
        except (FileFault, OSError):
            return ()
        ends = [*starts[1:], file.size]
        return [
            FilePart(begin, end, end, begin == 0, end == file.size, field if begin else None)
            for begin, end in zip(starts, ends, strict=True)
        ]

    def read_part(self, file: InputFile, options: ReadOptions, part: FilePart) -> Iterator[Found | PartEnd]:
        """Yield what is in a stretch; ordinals and lines are counted from its begin, offsets from that of the file."""
        if part.text_field is not None:
            options = replace(options, text_fields=(part.text_field,))
        return _stretch(file, options, part)

    def begins(self, head: bytes, *, whole: bool) -> bool:
        """Whether the first line is a JSON object, or begins like one and is longer than the head."""
        return begins_lines(head, whole=whole)

    def may_begin(self, head: bytes) -> bool:
        """Whether the file looks like JSON lines, so that it is refused rather than counted as one text."""
        return may_begin_lines(head)

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

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield only the wanted records if their offsets are known, else all; unpack a compressed file up to them."""
        if offsets is None:
            yield from self.read(file, options)
            return
        parser = JsonParser(file, options)
        with open_stream(file, options.limits) as stream:
            raw = seekable(stream)
            for piece in _picked(raw, ordinals, offsets, options.batch_bytes, options.limits.record):
                yield from parser.documents(piece, raw.tell())[0]


READER: Final = Jsonl()
