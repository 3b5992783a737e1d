"""Looking up fields by name in parsed JSON records, reporting missing ones, and writing labels as text."""

import math
from collections.abc import Collection
from datetime import date, time
from decimal import Decimal
from itertools import islice
from typing import Any, Final

import orjson

MISSING: Final = object()
_MOST: Final = 20


def find(record: dict[str, Any], name: str) -> Any:
    """The value of the field ``name``; MISSING if there is none.

    ``a.b`` is the field of exactly that name, or else the field ``b`` of the object in the field ``a``.
    """
    value: Any = record.get(name, MISSING)
    if value is not MISSING or "." not in name:
        return value
    value = record
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            return MISSING
        value = value[part]
    return value


def missing_field(what: str, field: str, known: Collection[str]) -> str:
    """The reason for a record or file without a field, which names at most twenty others.

    Args:
        what: word for a field, such as ``column``.
        field: name of the missing field.
        known: names of the fields that exist.
    """
    if not known:
        return f"has no {what} {field!r} and no others"
    there = ", ".join(map(repr, islice(known, _MOST)))
    return f"has no {what} {field!r}: name one of {there}{', …' if len(known) > _MOST else ''} with --text-field"


def as_label(value: Any) -> str | None:
    """The value as text: text is unchanged, anything else is compact JSON. None if null, missing or not finite."""
    if value is None or value is MISSING or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
