"""The records of CSV, some megabytes at a time, in one buffer that is reused.

A record of no bytes is not a record. Text after a closing quote is a fault (``csv`` in its strict mode).
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from tokaudit.core.types import Int64
from tokaudit.readers.csv.scan import FEED, RETURN, Scanner, line_breaks
from tokaudit.readers.faults import FileFault

# A step stays in the cache, and is all that is held of a record beyond its bytes and its first separators.
_STEP: Final = 1 << 18
_NONE: Final = np.empty(0, np.int64)


class Source(Protocol):
    """Bytes that are read once."""

    def readinto(self, target: memoryview, /) -> int | None:
        """Fill `target` from its start and return the number of bytes, which is 0 only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole records of a file.

    Attributes:
        data: their bytes.
        starts, ends: first byte of each record in `data`, and the position after its last.
        separators: positions of the separators, ascending.
        stray: positions of closing quotes that are followed by text.
        offset: first byte of `data` in the file.
        line: line of that byte, from 1.
        dropped: bytes of the first record that are not in `data` because the record is larger than the limit;
            they precede `offset`.
        dropped_line: line in which that record begins.
    """

    data: memoryview
    starts: Int64
    ends: Int64
    separators: Int64
    stray: Int64
    offset: int
    line: int
    dropped: int
    dropped_line: int

    def lines_of(self, places: Int64) -> Int64:
        """The lines of records that begin at these ascending positions of `data`, in one pass: they may be many."""
        lines = np.empty(len(places), np.int64)
        line, done = self.line, 0
        for step in range(0, len(self.data), _STEP):
            if done == len(places):
                break
            block = np.frombuffer(self.data[step : step + _STEP + 1], np.uint8)
            breaks = block == FEED
            breaks[:-1] |= (block[:-1] == RETURN) & ~breaks[1:]
            found = np.flatnonzero(breaks[:_STEP]) + step
            until = int(np.searchsorted(places, step + _STEP))
            lines[done:until] = line + np.searchsorted(found, places[done:until])
            line, done = line + len(found), until
        return lines


class CsvRecords:
    """Reads the records of a file, about `size` bytes at once; a longer record comes with few others.

    This is not a generator, so that it keeps no reference to a piece that the caller has dropped.

    Args:
        source: the bytes, from the start of a record.
        separator: the byte between two cells.
        columns: number of columns; of a longer record, separators are dropped.
        size: bytes to read at once.
        limit: most bytes of a record that is held in memory; of a larger one, the bytes are dropped.
        offset: position of the first byte in the file.
    """

    def __init__(self, source: Source, separator: int, columns: int, size: int, limit: int, offset: int = 0) -> None:
        self._source = source
        self._scanner = Scanner(separator)
        self._columns = columns
        self._size = size
        self._limit = limit
        self._offset = offset
        self._line = 1
        self._in_break = False
        self._buffer = bytearray(max(2, size))  # one byte stays when bytes are dropped
        self._begin = self._end = 0  # of the bytes read and not yet returned
        self._breaks = self._separators = self._stray = _NONE
        self._dropped = 0
        self._dropped_line = 0
        self._over = False
        self._fault: FileFault | None = None

    def take(self) -> Piece | None:
        """The next records; None at the end of the file. They are valid until the next call.

        Raises:
            FileFault: the file is cut or damaged, or a quote is never closed; all records before it were returned.
        """
        self._make_room()
        while not (len(self._breaks) and (self._over or self._end == len(self._buffer))):
            if self._over:
                return self._last()
            if self._end == len(self._buffer):
                self._grow()
            self._fill()
        return self._piece(int(self._breaks[-1]) + 1)

    def _last(self) -> Piece | None:
        """The last record, which no line break ends."""
        if self._fault is not None:
            raise self._fault
        if self._scanner.inside:
            line = self._dropped_line if self._dropped else self._line
            raise FileFault("malformed", f"line {line}: a quote is never closed, so the rest of the file is one cell")
        if not self._end and not self._dropped:
            return None
        self._breaks = np.array([self._end], np.int64)
        return self._piece(self._end)

    def _piece(self, cut: int) -> Piece:
        """The records that end before `cut`."""
        separators = int(np.searchsorted(self._separators, cut))
        stray = int(np.searchsorted(self._stray, cut))
        data = memoryview(self._buffer)[:cut]
        starts = np.concatenate([[0], self._breaks[:-1] + 1])
        ends = self._breaks
        there = starts < ends
        there[0] |= self._dropped > 0
        piece = Piece(
            data,
            starts[there],
            ends[there],
            self._separators[:separators],
            self._stray[:stray],
            self._offset,
            self._line - (self._in_break and self._buffer.startswith(b"\n")),
            self._dropped,
            self._dropped_line,
        )
        self._begin = cut
        self._offset += cut
        self._breaks, self._dropped = _NONE, 0
        self._separators = self._separators[separators:] - cut
        self._stray = self._stray[stray:] - cut
        return piece

    def _make_room(self) -> None:
        rest = memoryview(self._buffer)[self._begin : self._end]
        if len(self._buffer) > self._size >= len(rest):  # a long record has been returned
            self._buffer = bytearray(self._size)
        if rest:
            memoryview(self._buffer)[: len(rest)] = rest
        self._begin, self._end = 0, len(rest)
        self._find_line()

    def _find_line(self) -> None:
        """Find the line of the first byte in the buffer."""
        values = np.frombuffer(memoryview(self._buffer)[: self._end], np.uint8)
        places = np.flatnonzero((values == FEED) | (values == RETURN))
        self._in_break = not self._end and self._scanner.after_return  # if a feed follows
        self._line = 1 + self._scanner.lines - line_breaks(places, values[places])

    def _grow(self) -> None:
        """Make room for more of one record, or drop its bytes if it is larger than the limit."""
        if self._end > self._limit:
            if not self._dropped:
                self._dropped_line = self._line
            self._dropped += self._end - 1
            self._offset += self._end - 1
            self._buffer[0] = self._buffer[self._end - 1]  # it may be half of a line break
            self._end = 1
            self._find_line()
            self._separators = self._stray = _NONE
            return
        longer = bytearray(min(2 * len(self._buffer), self._limit + self._size))
        longer[: self._end] = memoryview(self._buffer)[: self._end]
        self._buffer = longer

    def _fill(self) -> None:
        """Read some bytes and scan them."""
        begin = self._end
        with memoryview(self._buffer) as view:
            try:
                read = self._source.readinto(view[begin : begin + _STEP]) or 0
            except FileFault as fault:
                self._fault = fault
                read = 0
            if not read:
                self._over = True
                return
            found = self._scanner.scan(np.frombuffer(view[begin : begin + read], np.uint8))
        self._end += read
        self._breaks = np.concatenate([self._breaks, found.breaks + begin])
        self._separators = np.concatenate([self._separators, found.separators + begin])
        if not len(self._breaks):
            self._separators = self._separators[: self._columns]  # enough to see that there are too many
        self._stray = np.concatenate([self._stray, found.stray + begin])
