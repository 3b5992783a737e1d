"""Numbers as people write them, alone or by name: ``70B``, ``2,000``, ``40%``, ``8GiB``, ``web=2T``; and back."""

import math
import re
from collections.abc import Iterable
from typing import Final

from tokaudit.core.errors import UsageError

_COUNT_UNITS: Final = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12, "P": 1e15}
_PREFIXES: Final = "KMGT"
_SIZE_UNITS: Final = {
    "B": 1,
    **{prefix + end: 1000**power for power, prefix in enumerate(_PREFIXES, 1) for end in ("", "B")},
    **{prefix + end: 1024**power for power, prefix in enumerate(_PREFIXES, 1) for end in ("I", "IB")},
}
_DAY_UNITS: Final = ("", "D")
_TIME_UNITS: Final = {"": 1, "S": 1, "M": 60, "MIN": 60, "H": 3600, "D": 86400}

_NUMBER: Final = re.compile(
    r"""([+-]?
        (?: [1-9]\d{0,2} (?:,\d{3})+    # 2,000: commas only between groups of three digits
          | \d+ (?:_\d+)*               # 15_000_000
          | (?=\.\d)                    # .5
        )
        (?:\.\d*)?
        (?:[eE][+-]?\d+)?
    )\s*([A-Za-z%]*)""",
    re.VERBOSE,
)
_POWER: Final = re.compile(r"e[+]?(-?)0*(?=\d)")  # 8e+09: 8e9
_END_OF_NUMBER: Final = re.compile(r"\d[\d._]*[A-Za-z%]?")


def _split(text: str, what: str, example: str) -> tuple[float, str]:
    """The number in a text, and the unit after it as written: an empty text if there is none."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{what}: {text!r} is not a number; write {example}")
    return float(match[1].replace(",", "")), match[2]


def _check_positive(value: float, text: str, what: str) -> None:
    if not 0 < value < math.inf:
        raise UsageError(f"{what}: {text!r} must be positive and finite")


def parse_count(text: str, what: str = "number") -> float:
    """Read a positive, finite number: ``70B``, ``1.4T``, ``2,000``, ``15_000_000`` or ``5.76e23``.

    Args:
        text: the number; a suffix K, M, B (or G), T or P multiplies by 1e3 … 1e15.
        what: name of the number in the message.

    Raises:
        UsageError: not a number, an unknown suffix, zero, negative or not finite.
    """
    value, unit = _split(text, what, "5.76e23, 70B, 1.4T or 2,000")
    factor = _COUNT_UNITS.get(unit.upper())
    if factor is None:
        raise UsageError(f"{what}: unknown suffix {unit!r} in {text!r} (known: K, M, B, T, P)")
    _check_positive(value * factor, text, what)
    return value * factor


def parse_share(text: str, what: str = "share") -> float:
    """Read a share from 0 to 1: ``0.4`` or ``40%``.

    Raises:
        UsageError: not a number, an unknown unit, or outside of 0 to 1.
    """
    value, unit = _split(text, what, "0.4 or 40%")
    share = value / 100 if unit == "%" else value
    if unit not in ("", "%") or not 0 <= share <= 1:
        raise UsageError(f"{what}: {text!r} is not a share from 0 to 1; write 0.4 or 40%")
    return share


def parse_days(text: str, what: str = "days") -> float:
    """Read a positive, finite number of days: ``60`` or ``60d``.

    Raises:
        UsageError: not a number, an unknown unit, zero, negative or not finite.
    """
    value, unit = _split(text, what, "60 or 60d")
    if unit.upper() not in _DAY_UNITS:
        raise UsageError(f"{what}: unknown unit {unit!r} in {text!r}; write 60 or 60d")
    _check_positive(value, text, what)
    return value


def parse_duration(text: str, what: str = "time") -> float:
    """Read a finite number of seconds, 0 or more: ``30``, ``30s``, ``10min``, ``1h`` or ``2d``.

    Raises:
        UsageError: not a number, an unknown unit, negative or not finite.
    """
    value, unit = _split(text, what, "30s, 10min or 1h")
    factor = _TIME_UNITS.get(unit.upper())
    if factor is None:
        raise UsageError(f"{what}: unknown unit {unit!r} in {text!r} (known: s, min, h, d)")
    if not 0 <= value * factor < math.inf:
        raise UsageError(f"{what}: {text!r} must be at least 0 and finite")
    return value * factor


def parse_size(text: str, what: str = "size") -> int:
    """Read a number of bytes: ``8GiB``, ``500MB`` or ``4g``.

    Units with an ``i`` are powers of 1024, the others powers of 1000. Upper and lower case are the same.

    Raises:
        UsageError: not a number, no unit or an unknown one, less than a byte or not finite.
    """
    value, unit = _split(text, what, "8GiB or 500MB")
    if not unit:
        raise UsageError(f"{what}: {text!r} has no unit; write 8GiB or 500MB")
    factor = _SIZE_UNITS.get(unit.upper())
    if factor is None:
        raise UsageError(f"{what}: unknown unit {unit!r} in {text!r} (known: KB, MB, GB, TB, KiB, MiB, GiB, TiB)")
    if not 1 <= value * factor < math.inf:
        raise UsageError(f"{what}: {text!r} must be at least 1 byte and finite")
    return int(value * factor)


def parse_pairs(parts: Iterable[str], option: str, form: str, *, as_written: bool = False) -> dict[str, str]:
    """Split parts such as ``web=2T`` into names and values, both as written.

    Args:
        parts: each ``NAME=VALUE``; blanks around either are ignored.
        option: the option that they were given to, for the message.
        form: the form of one part, for the message.
        as_written: whether a value keeps its blanks and may be empty.

    Raises:
        UsageError: a part of another form, or a name twice.
    """
    pairs: dict[str, str] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name, value = name.strip(), value if as_written else value.strip()
        if not (name and equals and (value or as_written)):
            raise UsageError(f"{option}: {part.strip()!r} is not of the form {form}")
        if name in pairs:
            raise UsageError(f"{option}: {name} is named twice")
        pairs[name] = value
    return pairs


def parse_list(text: str, option: str, form: str) -> dict[str, str]:
    """Split ``web=2T,code=1T`` into names and values. Every comma separates entries, so a number can't contain one.

    Raises:
        UsageError: as for `parse_pairs`; if a comma seems to be part of a number, the message says what to write.
    """
    parts = text.split(",")
    for part in parts[1:]:
        if _END_OF_NUMBER.fullmatch(part.strip()):
            why = "commas separate the entries of a list, so write its numbers without them"
            raise UsageError(f"{option}: {part.strip()!r} is not of the form {form}; {why}")
    return parse_pairs(parts, option, form)


def format_count(value: float | None) -> str:
    """Write three significant digits with a suffix (``1.40T``, ``12.8M``); powers of ten from 1e18; ``-`` for None."""
    if value is None:
        return "-"
    size = abs(value)
    if size >= 1e18:
        return format_power(value)
    for unit, factor in (("P", 1e15), ("T", 1e12), ("B", 1e9), ("M", 1e6), ("K", 1e3)):
        if size >= factor * 0.9995:
            scaled = value / factor
            return f"{scaled:.{max(0, 2 - int(math.log10(abs(scaled) * 1.0005)))}f}{unit}"
    return f"{value:.3g}"


def format_number_of(number: int, noun: str) -> str:
    """Write a number of things, given their noun in the singular: ``1 document``, ``2,000 documents``."""
    return f"{number:,} {plural(noun, number)}"


def plural(noun: str, number: int) -> str:
    """Write the noun for so many things, given it in the singular: ``document`` for 1, else ``documents``."""
    return noun if number == 1 else f"{noun}s"


def format_power(value: float) -> str:
    """Write three significant digits, from 1000 on with a power of ten: ``5.76e23``, ``8e9``, ``2e-7``."""
    return _POWER.sub(r"e\1", f"{value:.3g}")


def format_bytes(value: float) -> str:
    """Write bytes in decimal units with three significant digits: ``1.25 GB``."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(value) >= factor * 0.9995:
            return f"{value / factor:.3g} {unit}"
    return f"{value:.0f} B"


def format_duration(seconds: float) -> str:
    """Write a time in one unit with three significant digits: ``40 s``, ``2.5 min``, ``1 h``."""
    for unit, size, least in (("h", 3600, 3600), ("min", 60, 120)):
        if seconds >= least:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


_LEAST_SHARE: Final = 1e-4
_WHOLE: Final = 10, 99.5  # percentages between these are written without a fraction


def percent(share: float | None) -> str:
    """``92 %``, ``2.57 %``; ``<0.01 %`` for almost nothing, ``-`` for None."""
    low, high = _WHOLE
    if share is not None and low <= abs(100 * share) < high:
        return f"{100 * share:.0f} %"
    return mixture_share(share)


def mixture_share(share: float | None) -> str:
    """``16.5 %``, with three digits, as shares of a mixture are compared with each other; else as `percent`."""
    if share is None:
        return "-"
    return "<0.01 %" if 0 < abs(share) < _LEAST_SHARE else f"{100 * share:.3g} %"
