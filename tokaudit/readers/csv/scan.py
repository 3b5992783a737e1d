"""Where the line breaks and separators of CSV are: a scan that gives what Python's ``csv`` module gives.

A quote opens a quoted cell only at the start of the cell; anywhere else in an unquoted cell it is an ordinary
character. In a quoted cell, two quotes are one. Outside of quotes, a line feed or a carriage return ends the record.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64, UInt8

QUOTE: Final = ord('"')
FEED: Final = ord("\n")
RETURN: Final = ord("\r")


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
        after_return: whether the last byte was a carriage return.
    """

    def __init__(self, separator: int) -> None:
        self._separator = separator
        self._border = np.zeros(256, bool)
        self._border[[separator, FEED, RETURN]] = True
        self.inside = False
        self.lines = 0
        self.after_return = False
        self._closed = False  # the last byte was a quote inside of quotes: it ends the cell, or is half of a pair
        self._at_start = True  # of a cell

    def scan(self, values: UInt8) -> Scan:
        """Scan the next bytes, at least one."""
        special = values == QUOTE
        for value in (self._separator, FEED, RETURN):
            special |= values == value
        places = np.flatnonzero(special)
        kinds = values[places]
        is_quote = kinds == QUOTE
        inside = self.inside
        stray = self._follow_quotes(values, places[is_quote], is_quote)
        outside = (np.cumsum(is_quote) + inside) % 2 == 0
        outside &= kinds != QUOTE
        self._at_start = bool(self._border[values[-1]])
        self.lines += line_breaks(places, kinds) - (self.after_return and int(values[0]) == FEED)
        self.after_return = int(values[-1]) == RETURN
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


def line_breaks(places: Int64, kinds: UInt8) -> int:
    """The number of line breaks; a return with a feed is one.

    Args:
        places: positions of some bytes, all feeds and returns among them, ascending.
        kinds: the bytes.
    """
    feeds = kinds == FEED
    returns = np.flatnonzero(kinds == RETURN)
    if not len(returns):
        return int(np.count_nonzero(feeds))
    after = np.minimum(returns + 1, len(places) - 1)
    both = feeds[after] & (places[after] == places[returns] + 1)
    return int(np.count_nonzero(feeds) + len(returns) - np.count_nonzero(both))
