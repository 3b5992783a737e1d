"""Documents from a JSON array or from objects one after another, and what is wrong between their records."""

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.json.damage import has_sure_end, is_cut, line_of_records
from tokaudit.readers.json.faults import no_object, unparsed
from tokaudit.readers.json.pieces import JsonParser, JsonPiece
from tokaudit.readers.json.values import JsonValues, Values
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import longer_than

_COMMA, _SPACE, _TAB, _LINE_FEED, _RETURN = b", \t\n\r"
_TOKEN: Final = re.compile(rb'[ \t\r\n]++|,|("[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s,"{}\[\]]++)', re.DOTALL)
_FIRST_LINES: Final = 1 << 12
_NO_VALUE: Final = object()
_MOST_OTHERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Lost:
    """A fault after which it is not sure where the next record begins.

    Attributes:
        bad: the record.
        place: its first byte in the values, or the byte between records.
        line: how the next record may be found.
    """

    bad: BadRecord
    place: int
    line: re.Pattern[bytes] | None


class JsonElements:
    """Turns values, and what stands between them, into documents and bad records.

    Attributes:
        lost: the fault that ended the last piece; None if it was read to its end.
        has_ended: whether the array is closed.
    """

    def __init__(self, file: InputFile, options: ReadOptions, values: JsonValues) -> None:
        self._parser = JsonParser(file, options, has_sure_end)
        self._values = values
        self._limit = options.limits.record
        self._ordinal = 0
        self._after_value = False  # else at the start, or after a comma
        self._after_comma = False
        self._others = 0  # values in a row that are not objects or arrays
        self._line: re.Pattern[bytes] | None = None  # of the record before this piece
        self._resumed: re.Pattern[bytes] | None = None  # of this piece, if it begins behind a fault
        self._blanked: Int64 = np.empty(0, np.int64)
        self.lost: Lost | None = None
        self.has_ended = False

    def found(self, piece: Values, position: int) -> list[Found]:
        """The content of some values."""
        found: list[Found] = []
        begin = 0
        for place in [*self._odd_places(piece).tolist(), len(piece.starts)]:
            found += self._records(piece, begin, place, position)
            if self.lost is None:
                found += self._between(piece, place)
            if self.lost is not None:
                # They may be part of a text: where the next record begins was not sure.
                np.frombuffer(piece.data, np.uint8)[self._blanked] = _COMMA
                return found
            begin = place
        if len(piece.starts):
            self._line = self._line_at(piece, len(piece.starts) - 1)
        self._end(piece)
        self._resumed = None
        return found

    def resumed(self) -> None:
        """Count the record with the fault, because the next one was found."""
        assert self.lost is not None
        self._line = self._resumed = self.lost.line
        self.lost = None
        self._ordinal += 1
        self._after_value, self._after_comma = False, False

    def skipped(self) -> None:
        """Count the record with the fault, because its end was found."""
        self.lost = None
        self._ordinal += 1
        self._after_value, self._after_comma = True, False

    def ending(self) -> BadRecord | None:
        """The record that a comma at the end announces; None if there is no such comma.

        Raises:
            FileFault: the array is not closed, and that is all.
        """
        if self._values.is_array and not self.has_ended:
            raise FileFault("cut", "ends before its array is closed")
        if not self._after_comma:
            return None
        what = "array" if self._values.is_array else "file"
        return BadRecord(self._ordinal, None, "malformed", f"is missing: the {what} ends with a comma")

    def _odd_places(self, piece: Values) -> Int64:
        """The places of values that more, less or something else than one comma comes before; other commas are blanked.

        The comma between objects without an array may be missing, and so may one in an array.
        """
        data = np.frombuffer(piece.data, np.uint8)
        begins = np.concatenate([[0], piece.ends])[: len(piece.starts)]
        lengths = piece.starts - begins
        long = lengths > _FIRST_LINES
        lengths[long] = 0
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + lengths, lengths)
        between = data[places]
        commas = between == _COMMA
        blank = (between == _SPACE) | (between == _LINE_FEED) | (between == _RETURN) | (between == _TAB)
        most = np.ones(len(lengths), np.int64)
        most[:1] = self._after_value
        odd = (_counts(commas, ends) > most) | (_counts(~(commas | blank), ends) > 0) | long
        self._blanked = places[commas & ~np.repeat(odd, lengths)]
        data[self._blanked] = _SPACE
        return np.flatnonzero(odd)

    def _records(self, piece: Values, begin: int, end: int, position: int) -> list[Found]:
        """The content of the values from one place to another."""
        starts, ends = piece.starts[begin:end], piece.ends[begin:end]
        long = np.flatnonzero(ends - starts > self._limit)[:1]
        found: list[Found] = []
        if len(long):
            starts, ends = starts[: long[0]], ends[: long[0]]
        if len(starts):
            ordinals = np.arange(self._ordinal, self._ordinal + len(starts))
            first, last = int(starts[0]), int(ends[-1])
            behind = piece.data[last : last + 1].tobytes()
            piece.data[last : last + 1] = b"\n"[: len(behind)]
            records = JsonPiece(
                piece.data[first : last + 1], starts - first, ends - first, starts + piece.offset, ordinals
            )
            found, read = self._parser.documents(records, position)
            piece.data[last : last + 1] = behind
            self._ordinal += read
            self._others = 0
            self._after_value, self._after_comma = True, False
            if read < len(starts):
                bad = [each for each in found if isinstance(each, BadRecord)][-1]
                found.remove(bad)
                self._lose_record(piece, begin + read, bad.code, bad.why)
                return found
        if len(long):
            self._lose_record(piece, begin + int(long[0]), "too_large", self._too_large)
        return found

    def _between(self, piece: Values, place: int) -> list[Found]:
        """A bad record for each value between the objects, and for each comma without one."""
        begin, end = piece.between(place)
        found: list[Found] = []
        while begin < end:
            if self._others > _MOST_OTHERS:
                why = f"contains more than {_MOST_OTHERS} values in a row that are not objects"
                self._lose(piece, begin, "malformed", why, None)
                break
            token = _TOKEN.match(piece.data, begin, end)
            value = _scalar(token[1]) if token and token[1] else None
            if token is None or value is _NO_VALUE:
                line = self._line_at(piece, place - 1) if place else self._line
                self._lose(piece, begin, "malformed", "contains something that is not JSON between records", line)
                break
            if token[0] == b",":
                if not self._after_value:
                    found.append(self._bad(piece, begin, "malformed", "is missing: only its comma is there"))
                self._after_value, self._after_comma = False, True
            elif token[1]:
                found.append(self._bad(piece, begin, *no_object(value)))
                self._after_value, self._after_comma = True, False
            begin = token.end()
        return found

    def _end(self, piece: Values) -> None:
        """Look at what follows the values."""
        if piece.then == "stop":
            bracket = piece.data[piece.size]
            if bracket == ord("]") and self._values.is_array:
                self.has_ended = True
            elif bracket == ord("["):
                self._lose(piece, piece.size, "malformed", "contains an array next to objects", None)
            else:
                why = f"contains the bracket {chr(bracket)}, but none that it closes"
                self._lose(piece, piece.size, "malformed", why, self._line)
        elif piece.then == "too_large":
            self._lose_record(piece, len(piece.starts), "too_large", self._too_large)
        elif piece.then == "unended":
            record = bytes(piece.rest)
            if is_cut(record):
                self._lose(piece, piece.size, "cut", "ends inside of a record", None)
            else:
                self._lose_record(piece, len(piece.starts), *_fault(record))

    @property
    def _too_large(self) -> str:
        return longer_than("is", self._limit).why

    def _bad(self, piece: Values, place: int, code: BadCode, why: str) -> BadRecord:
        self._ordinal += 1
        self._others += 1
        return BadRecord(self._ordinal - 1, piece.offset + place, code, why)

    def _lose_record(self, piece: Values, place: int, code: BadCode, why: str) -> None:
        begin = int(piece.starts[place]) if place < len(piece.starts) else piece.size
        self._lose(piece, begin, code, why, self._line_at(piece, place))

    def _lose(self, piece: Values, place: int, code: BadCode, why: str, line: re.Pattern[bytes] | None) -> None:
        self.lost = Lost(BadRecord(self._ordinal, piece.offset + place, code, why), place, line)

    def _line_at(self, piece: Values, place: int) -> re.Pattern[bytes] | None:
        """What begins the lines of records if the record at a place begins a line."""
        if place == 0 and self._resumed is not None:
            return self._resumed
        begin, end = piece.between(place)
        record = piece.data[end : end + _FIRST_LINES] if place < len(piece.starts) else piece.rest[:_FIRST_LINES]
        return line_of_records(bytes(piece.data[max(begin, end - _FIRST_LINES) : end]), bytes(record))


def _counts(marked: npt.NDArray[np.bool_], ends: Int64) -> Int64:
    """The number of true values in consecutive stretches that end there."""
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(marked, dtype=np.int64)])
    counts: Int64 = np.diff(before[np.concatenate([np.zeros(1, np.int64), ends])])
    return counts


def _scalar(token: bytes) -> Any:
    """The value of a token; `_NO_VALUE` if it has none."""
    try:
        return orjson.loads(token)
    except orjson.JSONDecodeError:
        return _NO_VALUE


def _fault(record: bytes) -> tuple[BadCode, str]:
    """The code and reason for a record that the file does not end."""
    try:
        orjson.loads(record)
    except orjson.JSONDecodeError as error:
        return unparsed(record, error)
    return "malformed", "is not valid JSON"  # unreachable: its brackets are open
