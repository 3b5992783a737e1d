"""The smallest and the largest values that options take, on the command line and in Python."""

from typing import Final

MOST_WORKERS: Final = 10_000
LONGEST_REPEAT_LENGTH: Final = 1_000_000
MOST_ROWS: Final = 10**12
"""More rows than that are not asked for."""
MOST_DRAWS: Final = 10_000
"""The most bootstrap draws of a fit."""
LEAST_SAMPLES: Final = 100
MOST_SAMPLES: Final = 1_000_000
"""Samples of a forecast."""
