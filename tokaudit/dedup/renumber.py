"""Some of many numbers, numbered anew from 0."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64, UInt32


def renumbered(numbers: npt.NDArray[np.integer[Any]], count: int) -> tuple[Int64, UInt32]:
    """The distinct ones among `numbers` in order, and the place of each of `numbers` among them, in its shape.

    Nothing is sorted: it takes 5 bytes for each number there may be.

    Args:
        numbers: each below `count`; any shape.
        count: how many there may be.
    """
    there = np.zeros(count, bool)
    there[numbers] = True
    place = np.cumsum(there, dtype=np.uint32)
    return np.flatnonzero(there), place[numbers] - np.uint32(1)
