"""The largest values that options take, on the command line and in Python."""

from typing import Final

MOST_WORKERS: Final = 10_000
LONGEST_REPEAT_LENGTH: Final = 1_000_000
