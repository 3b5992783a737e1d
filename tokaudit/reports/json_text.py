"""Values as strict JSON, whatever they are."""

from datetime import date, time
from decimal import Decimal
from typing import Any, Final

import orjson

_OPTIONS: Final = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def to_json(document: Any, *, indent: bool = True) -> str:
    """One JSON document; NaN and infinities become null, values of unknown types become text."""
    option = _OPTIONS | (orjson.OPT_INDENT_2 if indent else 0)
    try:
        return orjson.dumps(document, option=option, default=_plain).decode()
    except TypeError:  # orjson refuses these instead of calling `_plain`
        return orjson.dumps(_simple(document), option=option, default=_plain).decode()


def from_json(text: str) -> Any:
    """What a JSON document says, as dictionaries, lists, text and numbers."""
    return orjson.loads(text)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _simple(value: Any) -> Any:
    """The value, with integers of more than 64 bits, times with a zone and unusual keys as text."""
    if isinstance(value, dict):
        simple = ((_simple(key), _simple(entry)) for key, entry in value.items())
        return {key if isinstance(key, (str, int, float, date)) else str(key): entry for key, entry in simple}
    if isinstance(value, (list, tuple)):
        return [_simple(entry) for entry in value]
    long = isinstance(value, int) and not -(2**63) <= value < 2**64
    return str(value) if long or (isinstance(value, time) and value.tzinfo) else value
