"""The cells of one column of CSV as an Arrow column, without an object per cell."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.types import Int64, UInt8
from tokaudit.readers.csv.scan import QUOTE

_STEP: Final = 1 << 18


def cells(values: UInt8, starts: Int64, ends: Int64) -> pa.LargeBinaryArray:
    """The content of cells as bytes: without the quotes around a cell, and with one quote for two inside of it.

    Args:
        values: the bytes of some records.
        starts: first byte of each cell, ascending.
        ends: the position after its last.
    """
    if not len(starts):
        return pa.array([], pa.large_binary())
    filled = ends > starts
    quoted = np.zeros(len(starts), bool)
    quoted[filled] = values[starts[filled]] == QUOTE
    data, offsets = _gathered(values, starts + quoted, ends - quoted)
    if quoted.any():
        data, offsets = _with_single_quotes(data, offsets, quoted)
    return pa.Array.from_buffers(pa.large_binary(), len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def _gathered(values: UInt8, starts: Int64, ends: Int64) -> tuple[UInt8, Int64]:
    """The bytes of some ranges in a row, and where each begins and ends there."""
    offsets = np.zeros(len(starts) + 1, np.int64)
    np.cumsum(ends - starts, out=offsets[1:])
    # Arrow copies ranges faster than numpy: every other entry of this array is a range, the rest lies between them.
    places = np.stack([starts, ends], axis=1).reshape(-1)
    buffers = [None, pa.py_buffer(places), pa.py_buffer(values)]
    every = pa.Array.from_buffers(pa.large_binary(), len(places) - 1, buffers)
    taken = every.take(pa.array(np.arange(0, len(places), 2)))
    data = taken.buffers()[2]
    return np.frombuffer(data, np.uint8, int(offsets[-1])) if offsets[-1] else np.empty(0, np.uint8), offsets


def _with_single_quotes(data: UInt8, offsets: Int64, quoted: npt.NDArray[np.bool_]) -> tuple[UInt8, Int64]:
    """The bytes without the second of two quotes in quoted cells, and the offsets of the cells in them."""
    result = np.empty(len(data), np.uint8)
    size = 0
    removed = np.zeros(len(quoted), np.int64)
    odd = 0  # 1 if the number of quotes so far is odd; in quoted cells they come in pairs
    every = bool(quoted.all())
    for step in range(0, len(data), _STEP):  # the positions of all quotes may be far larger than the data
        piece = data[step : step + _STEP]
        quotes = np.flatnonzero(piece == QUOTE)
        if len(quotes) and not every:
            quotes = quotes[quoted[np.searchsorted(offsets, quotes + step, side="right") - 1]]
        second = quotes[1 - odd :: 2]
        odd = (odd + len(quotes)) % 2
        if len(second):
            kept = np.ones(len(piece), bool)
            kept[second] = False
            piece = piece[kept]
            np.add.at(removed, np.searchsorted(offsets, second + step, side="right") - 1, 1)
        result[size : size + len(piece)] = piece
        size += len(piece)
    shorter = np.zeros(len(offsets), np.int64)
    np.cumsum(np.diff(offsets) - removed, out=shorter[1:])
    return result[:size], shorter
