"""The option ``--limit``: what a file may unpack to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.units import parse_count, parse_pairs, parse_size
from tokaudit.readers.unpack.limits import Limits


def _number(text: str, what: str) -> int:
    number = parse_count(text, what)
    if number < 1:
        raise UsageError(f"{what}: {text!r} must be at least 1")
    return int(number)


_PARSERS: Final[Mapping[str, Callable[[str, str], int]]] = {
    "record": parse_size,
    "page": parse_size,
    "ratio": _number,
    "total": parse_size,
    "members": _number,
    "label": parse_size,
}
LIMITS: Final = tuple(_PARSERS)
"""The names of the limits."""


def limit_texts(given: Mapping[str, str | int]) -> Iterator[str]:
    """Limits by name as ``NAME=VALUE``: an integer is a number of bytes where the limit is a size."""
    for name, value in given.items():
        unit = "B" if isinstance(value, int) and _PARSERS.get(name) is parse_size else ""
        yield f"{name}={value}{unit}"


def parse_limits(given: Iterable[str]) -> Limits:
    """The limits, from ``NAME=VALUE``: numbers for `ratio` and `members`, sizes with a unit for the others.

    Raises:
        UsageError: an unknown name, or not a size or number.
    """
    limits = Limits()
    for name, text in parse_pairs(given, "--limit", "NAME=VALUE").items():
        if name not in _PARSERS:
            raise UsageError(f"--limit: {unknown_name('limit', name, LIMITS)}")
        limits = replace(limits, **{name: _PARSERS[name](text, f"--limit {name}")})  # type: ignore[arg-type]
    return limits
