"""Bootstrap: runs resampled with replacement, and intervals of constants from their draws."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import LEVEL
from tokaudit.laws.protocol import Interval

FEWEST: Final = 12
"""Fewest runs (or curves) for an interval; with fewer, a resample contains too few different ones to fit."""

_SEED: Final = 0  # fixed, so that the same runs give the same interval


def resamples(count: int, draws: int) -> Float64:
    """How often each of ``count`` runs occurs in each draw, (draws, count)."""
    drawn = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=draws)
    return drawn.astype(np.float64)


def interval(draws: Float64) -> Interval:
    """The middle 95 % of the draws; infinite on a side if more draws are infinite there than it leaves out."""
    tail = (1 - LEVEL) / 2
    # The nearest draw, because a finite and an infinite draw have no mean.
    low, high = np.quantile(draws, [tail, 1 - tail], method="nearest")
    return float(low), float(high)


def intervals(draws: Mapping[str, Float64]) -> dict[str, Interval]:
    """Constant -> the middle 95 % of its draws."""
    return {name: interval(values) for name, values in draws.items()}


def open_intervals(names: Iterable[str]) -> dict[str, Interval]:
    """Constant -> 0 to infinity: too few runs say nothing about constants and exponents."""
    return dict.fromkeys(names, (0.0, math.inf))
