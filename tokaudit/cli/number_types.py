"""Types of options that are numbers. Whole ones are typed as other numbers are: ``2,000``, ``100K``, ``1_000``."""

import math
from typing import Final

import click

from tokaudit.core.errors import UsageError
from tokaudit.core.units import parse_count

MOST_ROWS: Final = 10**12
"""More rows than that are not asked for."""


class WholeNumber(click.ParamType[int]):
    """A whole number within bounds.

    Args:
        least: the smallest that is taken.
        most: the largest; None: there is no largest.
    """

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self._least = least
        self._most = most

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that was typed.

        Raises:
            click.BadParameter: it is not a whole number, or is out of bounds.
        """
        number = _number(value) if isinstance(value, str) else value
        within = number is not None and self._least <= number and (self._most is None or number <= self._most)
        if number is None or not within or number != int(number):
            bounds = f"of at least {self._least:,}" if self._most is None else f"from {self._least:,} to {self._most:,}"
            self.fail(f"{value!r} is not a whole number {bounds}", param, ctx)
        return int(number)


class Seconds(click.ParamType[float]):
    """A positive number of seconds; may be infinite."""

    name = "seconds"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds that were typed.

        Raises:
            click.BadParameter: it is not a positive number.
        """
        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if not seconds > 0:
            self.fail(f"{value!r} is not a positive number of seconds", param, ctx)
        return seconds


def _number(text: str) -> float | None:
    """The number, exact if it is written in digits; None if it is not a number. Unlike for a budget, 0 is one."""
    if text.isascii() and text.isdecimal():
        return int(text)
    try:
        return parse_count(text)
    except UsageError:
        return None
