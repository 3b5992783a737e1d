"""Renumbering: distinct numbers of a range get new numbers from 0."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64, UInt32


def renumbered(numbers: npt.NDArray[np.integer[Any]], count: int) -> tuple[Int64, UInt32]:
    """The distinct numbers in order, and the place of each number among them, in the shape of `numbers`.

    Nothing is sorted. It takes 5 bytes of memory for each possible number.

    Args:
        numbers: each from 0 and below `count`; any shape.
        count: how many numbers are possible.
    """
    there = np.zeros(count, bool)
    there[numbers] = True
    place = np.cumsum(there, dtype=np.uint32)
    return np.flatnonzero(there), place[numbers] - np.uint32(1)
