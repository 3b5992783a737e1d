"""Roots and minima of functions of one variable. Importing scipy.optimize would take longer than all searches."""

import math
from collections.abc import Callable
from typing import Final

_GOLDEN: Final = (math.sqrt(5) - 1) / 2


def root(function: Callable[[float], float], low: float, high: float, tolerance: float = 1e-10) -> float:
    """A zero of the function between two places where its signs differ (Illinois method)."""
    at_low, at_high = function(low), function(high)
    while abs(high - low) > tolerance and at_high != 0:
        middle = high - at_high * (high - low) / (at_high - at_low)
        at_middle = function(middle)
        if at_middle * at_high < 0:
            low, at_low = high, at_high
        else:
            at_low /= 2  # the same end stayed twice; halving its value pulls the next guess towards it
        # Moving high to the newest guess keeps the root between low and high.
        if middle == high:
            break
        high, at_high = middle, at_middle
    return high


def minimum(function: Callable[[float], float], low: float, high: float, cells: int = 48) -> float:
    """The place of the least value: the best of a grid, then golden-section search in the two cells next to it."""
    step = (high - low) / cells
    best = min(range(cells + 1), key=lambda index: function(low + index * step))
    left, right = low + max(best - 1, 0) * step, low + min(best + 1, cells) * step
    inner, outer = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_inner, at_outer = function(inner), function(outer)
    # Below this width a smooth minimum is flat to the last digit of a float.
    while right - left > 1e-8:
        if at_inner <= at_outer:
            right, outer, at_outer = outer, inner, at_inner
            inner = right - _GOLDEN * (right - left)
            at_inner = function(inner)
        else:
            left, inner, at_inner = inner, outer, at_outer
            outer = left + _GOLDEN * (right - left)
            at_outer = function(outer)
    return (left + right) / 2
