"""Types of options that are numbers. Whole ones are typed as other numbers are: ``2,000``, ``100K``, ``1_000``."""

import click

from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import given_seconds, whole_number


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
        try:
            return whole_number(value, "", self._least, self._most)
        except UsageError as error:
            self.fail(str(error).removeprefix(": "), param, ctx)


class Seconds(click.ParamType[float]):
    """A positive number of seconds; may be infinite."""

    name = "seconds"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds that were typed.

        Raises:
            click.BadParameter: it is not a positive number.
        """
        try:
            return given_seconds(value, "")
        except UsageError as error:
            self.fail(str(error).removeprefix(": "), param, ctx)
