"""Finding where the values of JSON begin and end, with numpy over all bytes and Python only once per block.

Brackets count unless they are inside a string. A quote or backslash after an odd number of backslashes is escaped. For
valid JSON that is exact. In damaged JSON the values may seem to begin and end elsewhere, so each must be parsed, too.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64

Bytes = npt.NDArray[np.uint8]

_BLOCK: Final = 1 << 16  # small enough to stay in the cache
_QUOTE, _BACKSLASH = b'"\\'
_FOLD: Final = np.uint8(0x20)  # the bit in which [ and { differ, and ] and }
_OPEN: Final = np.uint8(0x7B)
_SAME: Final = np.uint8(0xFD)  # the bits in which { and } are alike


class BracketScan:
    """Scans the bytes of a file one after another.

    Attributes:
        depth: number of brackets that are open.
        in_string: whether the next byte is inside a string.
    """

    def __init__(self, level: int, depth: int) -> None:
        """Look for values that begin when `level` brackets are open; now `depth` are."""
        self._level = level
        self.depth = depth
        self.in_string = False
        self._escaped = False

    def scan(self, data: memoryview) -> Int64:
        """The places of the brackets that begin or end a value at the level, or that close what is around it.

        They alternate: the first ends a value if one is open. If a bracket closes more than the level, those after it
        mean nothing.
        """
        values = np.frombuffer(data, np.uint8)
        steps = range(0, len(values), _BLOCK)
        return np.concatenate([np.empty(0, np.int64), *(self._block(values[at : at + _BLOCK]) + at for at in steps)])

    def _block(self, values: Bytes) -> Int64:
        quotes = values == _QUOTE
        self._drop_escaped(values, quotes)
        fold = values | _FOLD
        fold -= _OPEN
        fold &= _SAME
        marks = np.flatnonzero((fold == 0) | quotes)
        if not len(marks):
            return marks
        kinds = values[marks]
        quotes = kinds == _QUOTE
        inside = np.logical_xor.accumulate(quotes)
        if self.in_string:
            inside = ~inside
        self.in_string = bool(inside[-1])
        outside = ~(inside | quotes)
        opening = kinds[outside] & 2 != 0  # of [ and {
        if not len(opening):
            return marks[:0]
        depths = self.depth + np.cumsum(np.where(opening, 1, -1))
        self.depth = int(depths[-1])
        found: Int64 = marks[outside][depths - opening <= self._level]
        return found

    def _drop_escaped(self, values: Bytes, quotes: npt.NDArray[np.bool_]) -> None:
        """Remove the escaped quotes."""
        slashes = np.flatnonzero(values == _BACKSLASH)
        if self._escaped:
            quotes[0] = False
            if len(slashes) and slashes[0] == 0:
                slashes = slashes[1:]
            self._escaped = False
        if not len(slashes):
            return
        breaks = np.flatnonzero(np.diff(slashes) != 1)
        first, last = np.append(0, breaks + 1), np.append(breaks, len(slashes) - 1)
        escaped = slashes[last[(last - first) & 1 == 0]] + 1
        if len(escaped) and escaped[-1] == len(values):
            self._escaped = True
            escaped = escaped[:-1]
        quotes[escaped] = False
