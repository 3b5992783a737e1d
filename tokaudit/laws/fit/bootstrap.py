"""Runs drawn again with replacement, and what the draws of a constant say of it."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import LEVEL
from tokaudit.laws.protocol import Interval

FEWEST: Final = 12
"""Runs (or curves) below which a resample holds too few different ones to fit: no interval can be said."""

_SEED: Final = 0  # the same runs give the same interval


def resamples(count: int, draws: int) -> Float64:
    """How often each of ``count`` runs is in each draw, (draws, count)."""
    drawn = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=draws)
    return drawn.astype(np.float64)


def interval(draws: Float64) -> Interval:
    """The middle 95 % of the draws; infinite on a side where more draws than it leaves out are."""
    tail = (1 - LEVEL) / 2
    # The nearest draw: between a finite and an infinite one there is no mean.
    low, high = np.quantile(draws, [tail, 1 - tail], method="nearest")
    return float(low), float(high)


def intervals(draws: Mapping[str, Float64]) -> dict[str, Interval]:
    """The same for every constant."""
    return {name: interval(values) for name, values in draws.items()}


def open_intervals(names: Iterable[str]) -> dict[str, Interval]:
    """What too few runs say of constants and exponents: nothing."""
    return dict.fromkeys(names, (0.0, math.inf))
