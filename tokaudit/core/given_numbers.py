"""Numbers that a user gives: as text on the command line, and as text or numbers in Python."""

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any, Final, SupportsFloat

from tokaudit.core.errors import UsageError
from tokaudit.core.printable import has_control
from tokaudit.core.units import parse_count, parse_days, parse_duration, parse_list, parse_share

Number = str | SupportsFloat
"""A number as text (``70B``, ``40%``) or as a number of Python or NumPy."""

Numbers = str | Mapping[str, Number]
"""Numbers by name: as text (``web=2T,code=1T``), or name -> number."""

_EXAMPLES: Final = "5.76e23, 70B, 1.4T or 2,000"


def given_count(value: Number, what: str = "number") -> float:
    """A positive, finite number; text is read by `parse_count`.

    Args:
        value: the number.
        what: name of the number in the message.

    Raises:
        UsageError: not a number, a boolean, zero, negative or not finite.
    """
    if isinstance(value, str):
        return parse_count(value, what)
    number = _number(value, what, _EXAMPLES)
    if not 0 < number < math.inf:
        raise UsageError(f"{what}: {number:g} must be positive and finite")
    return number


def given_days(value: Number, what: str = "days") -> float:
    """A positive, finite number of days; text is read by `parse_days`.

    Raises:
        UsageError: as for `given_count`.
    """
    return parse_days(value, what) if isinstance(value, str) else given_count(value, what)


def given_seconds(value: Number, what: str = "seconds") -> float:
    """A positive number of seconds; may be infinite.

    Raises:
        UsageError: not a number, a boolean, zero or negative.
    """
    try:
        number = float(value) if isinstance(value, str) else _number(value, what, "")
    except (UsageError, ValueError):
        number = math.nan
    if not number > 0:
        raise UsageError(f"{what}: {_shown(value)} is not a positive number of seconds")
    return number


def given_duration(value: Number, what: str = "time") -> float:
    """A finite number of seconds, 0 or more; text is read by `parse_duration`.

    Raises:
        UsageError: not a number, a boolean, negative or not finite.
    """
    if isinstance(value, str):
        return parse_duration(value, what)
    number = _number(value, what, "30 or '1h'")
    if not 0 <= number < math.inf:
        raise UsageError(f"{what}: {number:g} must be at least 0 and finite")
    return number


def given_share(value: Number, what: str = "share") -> float:
    """A share from 0 to 1; text is read by `parse_share`.

    Raises:
        UsageError: not a number, a boolean, or outside of 0 to 1.
    """
    if isinstance(value, str):
        return parse_share(value, what)
    number = _number(value, what, "0.4 or 40%")
    if not 0 <= number <= 1:
        raise UsageError(f"{what}: {number:g} is not a share from 0 to 1; write 0.4 or 40%")
    return number


def whole_number(value: Number, what: str, least: int, most: int | None = None) -> int:
    """A whole number within bounds; it is exact if it is written in digits.

    Args:
        value: the number.
        what: name of the number in the message.
        least: the smallest that is taken.
        most: the largest; None: there is no largest.

    Raises:
        UsageError: not a whole number, or out of bounds.
    """
    number = _whole(value)
    if number is None or number < least or (most is not None and number > most):
        bounds = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        raise UsageError(f"{what}: {_shown(value)} is not a whole number {bounds}")
    return number


def given_pairs(given: Numbers, option: str, form: str) -> dict[str, Number]:
    """Names and numbers, both as given; in a mapping, a name may have any printable characters, even commas.

    Args:
        given: text such as ``web=2T,code=1T``, or a mapping.
        option: the option that they were given to, for the message.
        form: the form of one part, for the message.

    Raises:
        UsageError: text of another form, a name twice, a name that is empty, is not text or has a control character, or
            something that is neither text nor a mapping.
    """
    if not isinstance(given, str | Mapping):
        raise UsageError(f"{option}: {given!r} is neither text of the form {form} nor a mapping")
    pairs = parse_list(given, option, form) if isinstance(given, str) else given
    return {checked_name(name, option): value for name, value in pairs.items()}


def checked_name(name: Any, option: str) -> str:
    """The name of a domain, if it may be one.

    Raises:
        UsageError: it is empty, is not text, or has a control character.
    """
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{option}: {name!r} is not the name of a domain; names are text")
    if has_control(name):
        raise UsageError(f"{option}: {name!r} has a control character; remove it")
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        raise UsageError(f"{option}: {name!r} is not valid Unicode; encode it anew")
    return name


def _number(value: object, what: str, examples: str) -> float:
    """The number; infinite if it is too large for one.

    Raises:
        UsageError: it is not a number.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            return math.inf
        if not math.isnan(number):
            return number
    raise UsageError(f"{what}: {value!r} is not a number; write {examples}")


def _shown(value: object) -> str:
    """The value in a message; Python writes no integers of thousands of digits."""
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"


def _whole(value: object) -> int | None:
    """The whole number, exact if it is an integer or is written in digits; None if it is not one."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    try:
        number = parse_count(value) if isinstance(value, str) else _number(value, "", "")
    except UsageError:
        return None
    if not number.is_integer():
        return None
    return int(number) if isinstance(value, str | float) else int(value)  # type: ignore[call-overload] # a Real
