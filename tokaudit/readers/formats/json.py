"""JSON arrays of objects, and objects over several lines, one after another, with or without commas.

Records are read some megabytes at a time, however long the array is. orjson defines the content of a record, as in JSON
lines. After a damaged record the next ones are read if it is sure where they begin; else the rest of the file is bad.
An object that has the records in one of its fields is one record; ``--text-field 'data[].text'`` makes it one document.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol, cast

import numpy as np
import orjson

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.fields.record_paths import text_field_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.json.elements import JsonElements, Lost
from tokaudit.readers.json.heads import begins_values, may_begin_values
from tokaudit.readers.json.pieces import JsonParser, JsonPiece
from tokaudit.readers.json.values import JsonValues, Source
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.streams import open_stream

_HEAD: Final = 1 << 20
_HEAD_LIMIT: Final = 1 << 24
# Gaps up to this size are read rather than skipped: a seek and a new buffer cost about as much.
_NEAR: Final = 1 << 15


class _Seekable(Source, Protocol):
    """An open file to pick records from."""

    def seek(self, offset: int, /) -> int: ...


class Json(RandomAccessReader):
    """Reads JSON arrays and objects that are not JSON lines, compressed or not."""

    doubtful_suffixes = (".json",)
    is_table = True
    work_per_byte = 1.2

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``ordinal`` is the place in the array or among the objects."""
        with open_stream(file, options.limits) as stream:
            values = JsonValues(stream, options.batch_bytes, options.limits.record)
            values.open()
            elements = JsonElements(file, options, values)
            while not elements.has_ended and (piece := values.take()) is not None:
                found = elements.found(piece, stream.position())
                lost = elements.lost
                resumed = lost is not None and _goes_on(lost, elements, values)
                if not resumed:
                    values.make_room()
                del piece  # free a long record before its text is measured
                yield from found
                if lost is not None:
                    yield lost.bad if resumed else _rest(lost)
                    if not resumed:
                        return
            if (bad := elements.ending()) is not None:
                yield bad
            if elements.has_ended:
                _check_end(values)

    def begins(self, head: bytes, *, whole: bool) -> bool:
        """Whether the file begins with an array of objects, or with an object over several lines."""
        return begins_values(head, whole=whole)

    def may_begin(self, head: bytes) -> bool:
        """Whether the file looks like JSON that is not JSON lines, so that it is refused rather than one text."""
        return may_begin_values(head)

    def has_field(self, file: InputFile, names: Sequence[str]) -> bool:
        """Whether the first record has one of the fields; false only if it is a whole object in the first megabytes."""
        try:
            with open_stream(file) as stream:
                values = JsonValues(stream, _HEAD, _HEAD_LIMIT)
                values.open()
                piece = values.take()
            if piece is None or not len(piece.starts):
                return True
            record = orjson.loads(piece.data[piece.starts[0] : piece.ends[0]])
        except (FileFault, OSError, orjson.JSONDecodeError):
            return True
        return not isinstance(record, dict) or text_field_of(record, names) is not None

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield only the wanted records if their offsets are known and the file is not compressed, else all."""
        with open_stream(file, options.limits) as stream:
            if offsets is None or stream.compression:
                yield from self.read(file, options)
                return
            parser, raw = JsonParser(file, options), cast("_Seekable", stream.rewound())
            held: list[tuple[int, bytes]] = []
            for found in _picked(raw, offsets, options):
                held += found
                if sum(len(record) for _, record in held) >= options.batch_bytes:
                    yield from parser.documents(_piece(held, ordinals, offsets), stream.position())[0]
                    held = []
            if held:
                yield from parser.documents(_piece(held, ordinals, offsets), stream.position())[0]


def _picked(raw: _Seekable, offsets: Int64, options: ReadOptions) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the records at the offsets with their places among these, and skip large gaps between them."""
    far = np.append(np.flatnonzero(np.diff(offsets) > _NEAR) + 1, len(offsets))
    first = 0
    while first < len(offsets):
        stop = int(far[np.searchsorted(far, first, side="right")])
        begin, last = int(offsets[first]), int(offsets[stop - 1])
        raw.seek(begin)
        values = JsonValues(raw, min(last - begin + _NEAR, options.batch_bytes), options.limits.record, begin)
        reached = first
        while reached < stop and (piece := values.take()) is not None:
            places = np.flatnonzero(np.isin(piece.starts + piece.offset, offsets[reached:stop]))
            chosen = np.searchsorted(offsets, piece.starts[places] + piece.offset).tolist()
            spans = zip(piece.starts[places].tolist(), piece.ends[places].tolist(), strict=True)
            yield [(place, bytes(piece.data[start:end])) for place, (start, end) in zip(chosen, spans, strict=True)]
            reached = chosen[-1] + 1 if chosen else reached
            if piece.then != "more" or piece.offset + piece.size > last:
                break
        first = max(reached, first + 1)  # after a damaged record, begin again with the next one


def _piece(held: list[tuple[int, bytes]], ordinals: Int64, offsets: Int64) -> JsonPiece:
    """The records, each with a line feed."""
    places = [place for place, _ in held]
    data = b"\n".join([*(record for _, record in held), b""])
    ends = np.cumsum([len(record) + 1 for _, record in held]) - 1
    starts = np.concatenate([[0], ends[:-1] + 1])
    return JsonPiece(memoryview(data), starts, ends, offsets[places], ordinals[places])


def _goes_on(lost: Lost, elements: JsonElements, values: JsonValues) -> bool:
    """Whether the next record is found: at its line, or behind one that is too large."""
    if lost.line is not None and values.resume(lost.place, lost.line):
        elements.resumed()
        return True
    if lost.line is None and lost.bad.code == "too_large" and values.skip_value(lost.place):
        elements.skipped()
        return True
    return False


def _rest(lost: Lost) -> BadRecord:
    """The rest of the file as one bad record."""
    bad = lost.bad
    unsure = "" if bad.code == "cut" else "; where the next record begins is not sure"
    return BadRecord(None, bad.offset, bad.code, f"{bad.why}, at byte {bad.offset}{unsure}")


def _check_end(values: JsonValues) -> None:
    """Look for something after the end of the array.

    Raises:
        FileFault: there is something.
    """
    after = values.after_stop()
    if after is not None:
        place, byte = after
        what = "another array" if byte == ord("[") else "text"
        raise FileFault("malformed", f"contains {what} after the end of its array, at byte {place}")


READER: Final = Json()
