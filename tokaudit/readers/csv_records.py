"""Where the records and cells of CSV are: a scan that gives what Python's ``csv`` module gives, without reading twice.

A quote opens a quoted cell only at the start of the cell; anywhere else in an unquoted cell it is an ordinary
character. In a quoted cell, two quotes are one. Outside of quotes, a line feed or a carriage return ends the record,
and a record of no bytes is not a record. Text after a closing quote is a fault (``csv`` in its strict mode).
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64, UInt8
from tokaudit.readers.faults import FileFault

QUOTE: Final = ord('"')
_FEED: Final = ord("\n")
_RETURN: Final = ord("\r")
# A step stays in the cache, and is all that is held of a record beyond its bytes and its first separators.
_STEP: Final = 1 << 18
_NONE: Final = np.empty(0, np.int64)


class Source(Protocol):
    """Bytes that are read once."""

    def readinto(self, target: memoryview, /) -> int | None:
        """Fill `target` from its start and return the number of bytes, which is 0 only at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found in some bytes: ascending positions.

    Attributes:
        breaks: line breaks that end records.
        separators: separators of cells.
        stray: closing quotes that something else than a separator or a line break follows.
    """

    breaks: Int64
    separators: Int64
    stray: Int64


class Scanner:
    """Scans the bytes of a file piece by piece; a piece may end anywhere.

    Attributes:
        inside: whether the bytes so far end inside of a quoted cell.
        lines: number of line breaks so far, those inside of quotes included; a return and a feed together are one.
    """

    def __init__(self, separator: int) -> None:
        self._separator = separator
        self._border = np.zeros(256, bool)
        self._border[[separator, _FEED, _RETURN]] = True
        self.inside = False
        self.lines = 0
        self._after_return = False
        self._closed = False  # the last byte was a quote inside of quotes: it ends the cell, or is half of a pair
        self._at_start = True  # of a cell

    def scan(self, values: UInt8) -> Scan:
        """Scan the next bytes, at least one."""
        special = values == QUOTE
        for value in (self._separator, _FEED, _RETURN):
            special |= values == value
        places = np.flatnonzero(special)
        kinds = values[places]
        is_quote = kinds == QUOTE
        inside = self.inside
        stray = self._follow_quotes(values, places[is_quote], is_quote)
        outside = (np.cumsum(is_quote) + inside) % 2 == 0
        outside &= kinds != QUOTE
        self._at_start = bool(self._border[values[-1]])
        self.lines += _line_breaks(places, kinds) - (self._after_return and int(values[0]) == _FEED)
        self._after_return = int(values[-1]) == _RETURN
        is_separator = kinds == self._separator
        return Scan(places[outside & ~is_separator], places[outside & is_separator], stray)

    def _follow_quotes(self, values: UInt8, quotes: Int64, is_quote: npt.NDArray[np.bool_]) -> Int64:
        """Follow the quotes through these bytes; return the stray ones.

        Args:
            values: the bytes.
            quotes: positions of all quotes in them.
            is_quote: true for each special byte that is a quote; becomes false where a quote is an ordinary character.
        """
        resumed = self._closed and int(values[0]) == QUOTE  # the second half of a pair
        stray = []
        if self._closed and not resumed and not self._border[values[0]]:
            stray.append(-1)
        self._closed = False
        if not len(quotes):
            return np.array(stray, np.int64)
        last = len(values) - 1
        opens = self._border[values[quotes - 1]]
        if quotes[0] == 0:
            opens[0] = self._at_start or resumed
        closes = self._border[values[np.minimum(quotes + 1, last)]] | (quotes == last)
        paired = np.zeros(len(quotes), bool)  # with the quote before it
        paired[1:] = quotes[1:] == quotes[:-1] + 1
        closes[:-1] |= paired[1:]
        begin = int(self.inside)  # the index of the first quote that opens, if all are as they should be
        if (opens | paired)[begin::2].all() and closes[1 - begin :: 2].all():
            self.inside = (len(quotes) + begin) % 2 == 1
            ends_in_quote = int(quotes[-1]) == last
        else:
            kept, found = self._walk(opens.tolist(), closes.tolist(), paired.tolist())
            is_quote[is_quote] = kept
            stray += quotes[found].tolist()
            ends_in_quote = kept[-1] and int(quotes[-1]) == last
        self._closed = ends_in_quote and not self.inside
        return np.array(stray, np.int64)

    def _walk(self, opens: list[bool], closes: list[bool], paired: list[bool]) -> tuple[list[bool], list[int]]:
        """Follow the quotes one by one: whether each is more than an ordinary character, and which are stray."""
        kept = [True] * len(opens)
        stray = []
        inside = self.inside
        half = -1  # index of a quote that a quote has been paired with
        for place, at_start in enumerate(opens):
            if inside:
                inside = False
                half = place
                if not closes[place]:
                    stray.append(place)
            elif at_start or (paired[place] and half == place - 1):
                inside = True
            else:
                kept[place] = False
        self.inside = inside
        return kept, stray


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

    def line_of(self, place: int) -> int:
        """The line of a record that begins at this position of `data`."""
        before = bytes(self.data[:place])
        return self.line + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


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
            self._line,
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
        places = np.flatnonzero((values == _FEED) | (values == _RETURN))
        self._line = 1 + self._scanner.lines - _line_breaks(places, values[places])

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


def _line_breaks(places: Int64, kinds: UInt8) -> int:
    """The number of line breaks; a return with a feed is one.

    Args:
        places: positions of some bytes, all feeds and returns among them, ascending.
        kinds: the bytes.
    """
    feeds = kinds == _FEED
    returns = np.flatnonzero(kinds == _RETURN)
    if not len(returns):
        return int(np.count_nonzero(feeds))
    after = np.minimum(returns + 1, len(places) - 1)
    both = feeds[after] & (places[after] == places[returns] + 1)
    return int(np.count_nonzero(feeds) + len(returns) - np.count_nonzero(both))
