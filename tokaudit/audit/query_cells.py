"""Values of SQL as JSON that loses nothing: a value that JSON lacks is an object of its type and its text."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

_PLAIN: Final = frozenset("BOOLEAN TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER UBIGINT VARCHAR".split())
"""DuckDB's names of the types whose values JSON has as they are."""
_LOWEST, _HIGHEST = -(2**63), 2**64 - 1  # JSON's integers

_TO_TEXT: Final[Mapping[type, Callable[[Any], Any]]] = {
    float: repr,
    int: str,
    Decimal: str,
    datetime: datetime.isoformat,  # before date, which each of them is
    date: date.isoformat,
    time: time.isoformat,
    timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    UUID: str,
    bytes: bytes.hex,
    tuple: lambda value: [to_cell(each) for each in value],
    dict: lambda value: [[to_cell(key), to_cell(each)] for key, each in value.items()],
}
_FROM_TEXT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "float": float,
    "int": int,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda value: timedelta(*value),
    "UUID": UUID,
    "bytes": bytes.fromhex,
    "tuple": lambda value: tuple(map(from_cell, value)),
    "dict": lambda value: {from_cell(key): from_cell(each) for key, each in value},
}


def is_plain(kind: str) -> bool:
    """Whether `to_cell` leaves all values of a type, by DuckDB's name, as they are."""
    return kind in _PLAIN


def to_cell(value: Any) -> Any:
    """The value as JSON.

    Raises:
        TypeError: SQL has no such value.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, int) and _LOWEST <= value <= _HIGHEST:
        return int(value)
    if isinstance(value, list):
        return [to_cell(each) for each in value]
    for kind, to_text in _TO_TEXT.items():
        if isinstance(value, kind):
            if isinstance(value, datetime) and value != value:  # noqa: PLR0124 - pandas' NaT, which has no time
                return None
            return {kind.__name__: to_text(value)}
    raise TypeError(f"{value!r} is not a value of SQL")


def from_cell(cell: Any) -> Any:
    """The value that `to_cell` made the cell of."""
    if isinstance(cell, list):
        return [from_cell(each) for each in cell]
    if isinstance(cell, dict):
        ((kind, content),) = cell.items()
        return _FROM_TEXT[kind](content)
    return cell
