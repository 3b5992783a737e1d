"""Arrow text in pieces of bounded size, and its bytes as numpy arrays over the same memory."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.records import Int64


def offsets(text: pa.LargeStringArray) -> Int64:
    """Where each document begins in the array's byte buffer, and where the last ends; n + 1 places."""
    if len(text) == 0:  # Arrow may leave out all buffers
        return np.zeros(1, np.int64)
    return np.frombuffer(text.buffers()[1], np.int64, count=len(text) + 1, offset=8 * text.offset)


def utf8(text: pa.LargeStringArray) -> npt.NDArray[np.uint8]:
    """The byte buffer that ``offsets`` points into; empty if there is no text in it."""
    buffer = text.buffers()[2] if len(text) else None
    return np.frombuffer(buffer, np.uint8) if buffer else np.empty(0, np.uint8)


def pieces(text: pa.LargeStringArray, limit: int) -> Iterator[tuple[int, int]]:
    """First document and the one after the last of each piece, in order.

    Args:
        text: the documents.
        limit: bytes of text a piece holds at most; a longer document is a piece of its own.
    """
    places = offsets(text)
    start = 0
    while start < len(text):
        fitting = int(np.searchsorted(places, places[start] + limit, side="right")) - 1
        stop = max(start + 1, fitting)
        yield start, stop
        start = stop
