"""Numbers as people write them, alone or by name: ``70B``, ``5.76e23``, ``8GiB``, ``web=2T``, and back."""

import math
import re
from collections.abc import Iterable

from tokaudit.core.errors import UsageError

_COUNT_UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12, "P": 1e15}
_SIZE_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_NUMBER = re.compile(r"([+-]?(?:\d[\d_]*)?\.?\d*(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)")


def _split(text: str, what: str, example: str) -> tuple[float, str]:
    match = _NUMBER.fullmatch(text.strip())
    try:
        return float(match[1] if match else ""), match[2].upper() if match else ""
    except ValueError as error:
        raise UsageError(f"{what}: {text!r} is no number (write it as {example})") from error


def parse_count(text: str, what: str = "number") -> float:
    """A positive, finite number from ``70B``, ``1.4T``, ``15_000_000`` or ``5.76e23``.

    Args:
        text: the number; a suffix K, M, B (or G), T or P multiplies by 1e3 … 1e15.
        what: what the number is, for the message.

    Raises:
        UsageError: no number, an unknown suffix, zero, negative or not finite.
    """
    value, unit = _split(text, what, "5.76e23, 70B or 1.4T")
    if unit not in _COUNT_UNITS:
        raise UsageError(f"{what}: unknown suffix {unit!r} in {text!r} (known: K, M, B, T, P)")
    value *= _COUNT_UNITS[unit]
    if not (math.isfinite(value) and value > 0):
        raise UsageError(f"{what}: {text!r} must be positive and finite")
    return value


def parse_size(text: str, what: str = "size") -> int:
    """Bytes from ``8GiB``, ``500MB`` or ``1000``; binary units have an ``i``.

    Raises:
        UsageError: no number, an unknown unit, zero, negative or not finite.
    """
    value, unit = _split(text, what, "8GiB or 500MB")
    if unit not in _SIZE_UNITS:
        raise UsageError(f"{what}: unknown unit {unit!r} in {text!r} (known: KB, MB, GB, TB, KiB, MiB, GiB, TiB)")
    value *= _SIZE_UNITS[unit]
    if not (math.isfinite(value) and value >= 1):
        raise UsageError(f"{what}: {text!r} must be positive and finite")
    return int(value)


def parse_pairs(parts: Iterable[str], option: str, form: str, *, as_written: bool = False) -> dict[str, str]:
    """Name -> value, both as written, from parts such as ``web=2T``.

    Args:
        parts: each ``NAME=VALUE``; blanks around either don't count.
        option: whose they are, for the message.
        form: what one of them looks like, likewise.
        as_written: whether a value is kept with its blanks, and may be empty.

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


def format_count(value: float | None) -> str:
    """Three significant digits with a suffix (``1.40T``, ``12.8M``); powers of ten from 1e18; ``-`` for None."""
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


def format_power(value: float) -> str:
    """Three significant digits and a power of ten, for FLOPs: ``5.76e23``."""
    return f"{value:.3g}".replace("e+", "e")


def format_bytes(value: float) -> str:
    """Decimal megabytes and their like with three digits: ``1.25 GB``."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(value) >= factor:
            return f"{value / factor:.3g} {unit}"
    return f"{value:.0f} B"
