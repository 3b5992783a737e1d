"""The values of a JSON array, or values one after another, some megabytes at a time, in one buffer that is reused."""

import re
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np

from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault
from tokaudit.readers.json.heads import start_of_json
from tokaudit.readers.json.scan import BracketScan
from tokaudit.readers.unpack.limits import longer_than

_STEP: Final = 1 << 20
_LEAST: Final = 64
_BLANKS: Final = b" \t\r\n"
_SEPARATORS: Final = tuple(b"%c" % each for each in b", \t\r\n")
# Bytes that are searched again after more were read: more than a line's indentation.
_OVERLAP: Final = 1 << 12


Then = Literal["more", "stop", "unended", "too_large"]


class Source(Protocol):
    """Bytes to read."""

    def readinto(self, target: memoryview, /) -> int | None:
        """Fill `target` from its start and return the number of bytes, which is 0 only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Values:
    """Some whole values of a file and what stands between them.

    Attributes:
        data: the bytes, and the one behind them if there is one. They are valid until more are taken.
        size: number of the bytes without that one.
        offset: position of the first byte in the file.
        starts, ends: first byte of each object or array in `data`, and the position behind its last.
        then: what follows the data. ``more``: other values, or the end of the file; ``stop``: a bracket that no value
            begins with; ``unended``: a value that the file does not end; ``too_large``: one that is over the limit.
        rest: the bytes of that last value as far as they were read; empty if there is none.
    """

    data: memoryview
    size: int
    offset: int
    starts: Int64
    ends: Int64
    then: Then
    rest: memoryview

    def between(self, place: int) -> tuple[int, int]:
        """The first byte between the values before and at a place, and the position behind the last."""
        return (
            int(self.ends[place - 1]) if place else 0,
            int(self.starts[place]) if place < len(self.starts) else self.size,
        )


class JsonValues:
    """Finds objects and arrays by their brackets. What is inside of them is not looked at.

    Attributes:
        is_array: whether they are in an array; else any number of objects follow each other.
    """

    def __init__(self, source: Source, size: int, most: int, offset: int = 0) -> None:
        """Read pieces of about `size` bytes; a value may be longer, up to `most` bytes.

        Args:
            source: the bytes to read.
            size: bytes of a piece.
            most: most bytes of a value.
            offset: position of the first of these bytes in the file.
        """
        self._source = source
        self._size = max(size, _LEAST)
        self._most = most
        self._buffer = bytearray(self._size + 1)  # one more for `Values.data`
        self._offset = offset  # of the buffer in the file
        self._from = self._begin = self._end = 0  # of the values taken last, and of the bytes not yet taken
        self._marks: Int64 = np.empty(0, np.int64)
        self._scan: BracketScan | None = None
        self._fault: FileFault | None = None
        self._over = False
        self.is_array = False

    def open(self) -> None:
        """Read the start of a file, up to its first value.

        Raises:
            FileFault: it can't be a file of JSON, or it can't be read.
        """
        self._fill()
        self._begin = start_of_json(memoryview(self._buffer)[: self._end], "JSON")
        self._skip_blanks()
        self.is_array = self._begin < self._end and self._buffer[self._begin] == ord("[")
        self._restart(self._begin + self.is_array)

    def take(self) -> Values | None:
        """The next whole values; None at the end of the file.

        Raises:
            FileFault: the file is cut or damaged; all values before have been returned.
        """
        self.make_room()
        if self._scan is None:
            self._restart(self._begin)
        while True:
            self._fill()
            if self._begin == self._end and self._over:
                if self._fault is not None:
                    raise self._fault
                return None
            found = self._found()
            if found is not None:
                return found
            self._grow()

    def make_room(self) -> None:
        """Move the bytes that were not yet taken to the front; a buffer that has grown is let go."""
        begin, rest = self._begin, self._end - self._begin
        if len(self._buffer) > self._size + 1:
            self._buffer, long = bytearray(max(self._size, rest) + 1), self._buffer
            self._buffer[:rest] = memoryview(long)[begin : self._end]
        else:
            self._buffer[:rest] = self._buffer[begin : self._end]
        self._offset += begin
        self._marks = self._marks - begin
        self._from = self._begin = 0
        self._end = rest

    def resume(self, place: int, line: re.Pattern[bytes]) -> bool:
        """Whether a match follows a place in the last values; the value behind it is the next."""
        self._begin = self._from + place
        self._scan = None
        overlap = min(_OVERLAP, self._size // 4)
        while True:
            found = line.search(self._buffer, self._begin, self._end)
            if found and (self._over or found.end() < self._end - overlap):
                self._restart(found.end())
                return True
            if self._over:
                return False
            self._begin = max(self._begin, self._end - 2 * overlap)
            self.make_room()
            self._fill()

    def skip_value(self, place: int) -> bool:
        """Whether the value at a place in the last values ends; what follows it comes next. Its bytes are not kept."""
        self._restart(self._from + place)
        brackets = 2  # that begin and end it
        while len(self._marks) < brackets:
            if self._over:
                return False
            brackets -= len(self._marks)
            self._marks, self._begin = self._marks[:0], self._end
            self.make_room()
            self._fill()
        self._begin = int(self._marks[brackets - 1]) + 1
        self._marks = self._marks[brackets:]
        return True

    def after_stop(self) -> tuple[int, int] | None:
        """The place in the file, and the value, of the first byte behind the stop that is not blank; None if none is.

        Raises:
            FileFault: the file is cut or damaged.
        """
        self._begin += 1
        self._scan = None
        if self._skip_blanks():
            return self._offset + self._begin, self._buffer[self._begin]
        return None

    def _restart(self, begin: int) -> None:
        """Look for values from a place on."""
        self._begin = begin
        self._scan = BracketScan(int(self.is_array), int(self.is_array))
        with memoryview(self._buffer) as view:
            self._marks = self._scan.scan(view[begin : self._end]) + begin

    def _skip_blanks(self) -> bool:
        """Move to the next byte that is not blank; whether there is one."""
        while True:
            begin = self._begin
            self._begin = self._end - len(self._buffer[begin : self._end].lstrip(_BLANKS))
            if self._begin < self._end:
                return True
            if self._over:
                if self._fault is not None:
                    raise self._fault
                return False
            self.make_room()
            self._fill()

    def _fill(self) -> None:
        """Read until the buffer is full or the file ends, and look for brackets."""
        marks = [self._marks]
        with memoryview(self._buffer) as view:
            while self._end < len(view) - 1 and not self._over:
                target = view[self._end : min(self._end + _STEP, len(view) - 1)]
                try:
                    read = self._source.readinto(target) or 0
                except FileFault as fault:
                    self._fault = fault
                    read = 0
                if self._scan is not None:
                    marks.append(self._scan.scan(target[:read]) + self._end)
                self._end += read
                self._over = not read
        self._marks = np.concatenate(marks)

    def _grow(self) -> None:
        room = bytes(self._size)
        try:
            self._buffer.extend(room)
        except BufferError:  # the values taken last are still in use
            self._buffer = self._buffer + room

    def _found(self) -> Values | None:
        """The values in the buffer; None if more must be read before one ends."""
        marks = self._marks
        firsts = np.frombuffer(self._buffer, np.uint8)[marks[::2]]
        stops = np.flatnonzero(firsts & 2 == 0 if self.is_array else firsts != ord("{"))
        if len(stops):
            place = 2 * int(stops[0])
            return self._values(marks[:place], int(marks[place]), "stop")
        whole = marks[: len(marks) // 2 * 2]
        last = int(marks[-1]) if len(marks) > len(whole) else None
        if last is not None and self._end - last > self._most:
            return self._values(whole, last, "too_large")
        if self._fault is not None:
            self._end = self._end_of_tokens() if last is None else last
        if self._over:
            fits = last is None or last == self._end
            return self._values(whole, self._end if last is None else last, "more" if fits else "unended")
        if len(whole):
            return self._values(whole, int(whole[-1]) + 1, "more")
        return self._without_brackets() if last is None else None

    def _without_brackets(self) -> Values | None:
        """The tokens in a buffer without brackets; None if there is only the beginning of one.

        Raises:
            FileFault: it is too long.
        """
        cut = self._end_of_tokens()
        if cut > self._begin:
            return self._values(self._marks, cut, "more")
        if self._end - self._begin > self._most:
            raise longer_than("contains a value", self._most)
        return None

    def _values(self, marks: Int64, cut: int, then: Then) -> Values:
        begin = self._begin
        view = memoryview(self._buffer)
        rest = view[cut : self._end if then in {"unended", "too_large"} else cut]
        self._from, self._begin = begin, cut
        self._marks = self._marks[self._marks >= cut]
        starts, ends = marks[::2] - begin, marks[1::2] + 1 - begin
        return Values(view[begin : cut + 1], cut - begin, self._offset + begin, starts, ends, then, rest)

    def _end_of_tokens(self) -> int:
        """Where the whole tokens in a buffer without brackets end, but not before the values in it."""
        begin = max(self._begin, int(self._marks[-1]) + 1 if len(self._marks) else 0)
        if self._scan is not None and self._scan.in_string:
            return begin
        begin = max(begin, self._buffer.rfind(b'"', begin, self._end) + 1)
        return max(begin, *(self._buffer.rfind(each, begin, self._end) + 1 for each in _SEPARATORS))
