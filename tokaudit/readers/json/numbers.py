"""Records whose only fault is a number that JSON does not have: ``NaN``, ``Infinity``, or one beyond 64-bit floats.

Python writes the first two unless told otherwise. They are mostly in scores that nobody asked for, so the text counts.
Everything else stays as strict as orjson is: it must accept the record with other numbers in their place.
"""

import json
import math
import re
from typing import Any, Final

import orjson

from tokaudit.readers.fields.record_paths import MISSING

_TOKEN: Final = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(?<![\w.])-?(?:NaN|Infinity)(?![\w.])|(?<![\w.])-?\d[\d.eE+-]*+', re.DOTALL
)
_WIDEST: Final = 20  # digits of the largest integer of 64 bits; orjson reads longer ones as floats
_INT64: Final = range(-(1 << 63), 1 << 64)


def parse_odd_numbers(raw: bytes) -> Any:
    """The record with each such number as a float that is not finite; MISSING if it has none or another fault."""
    repaired = without_odd_numbers(raw)
    if repaired == raw:
        return MISSING
    try:
        orjson.loads(repaired)
        return json.loads(raw.decode(), parse_int=_integer)
    except (ValueError, RecursionError):
        return MISSING


def without_odd_numbers(raw: bytes) -> bytes:
    """The record with a zero of the same length in place of each such number, so that other faults keep their place."""
    return _TOKEN.sub(_zero, raw)


def _zero(found: re.Match[bytes]) -> bytes:
    token = found[0]
    if token[:1] == b'"' or not _is_odd(token):
        return token
    return b"0." + b"0" * (len(token) - 2)


def _is_odd(token: bytes) -> bool:
    try:
        return not math.isfinite(float(token))
    except ValueError:
        return False


def _integer(digits: str) -> int | float:
    """A number without point or exponent, as orjson reads it."""
    if len(digits) > _WIDEST or (number := int(digits)) not in _INT64:
        return float(digits)
    return number
