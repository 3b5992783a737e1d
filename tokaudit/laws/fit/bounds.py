"""Bounds of the numbers that a fit takes, in a module that is cheap to import."""

from typing import Final

MOST_DRAWS: Final = 10_000
"""The most bootstrap draws that a user may ask for."""
