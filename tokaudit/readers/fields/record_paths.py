"""Looking up fields by name in parsed JSON records, choosing the one with the text, and writing labels as text.

A name is a path: ``a.b`` is the field ``b`` of the object in the field ``a``, ``text[]`` is all strings of a list, and
``messages[].content`` is the field of all objects of a list. A field of exactly that name comes first.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from glob import escape
from itertools import islice
from shlex import quote
from typing import Any, Final

import orjson

MISSING: Final = object()
NOT_A_LIST: Final = object()
"""What a path with ``[]`` leads to where the value before the brackets is no list."""
LIST: Final = "[]"
_MOST: Final = 20
_SHOWN: Final = 40


def find(record: Mapping[str, Any], name: str) -> Any:
    """The value of the field ``name``; MISSING if there is none.

    The strings of a list are joined by line breaks. Items of the list without the field, or with null in it, are
    skipped; if none has it, it is missing. An item that is something else than text is returned instead.
    """
    value: Any = record.get(name, MISSING)
    if value is not MISSING or not ("." in name or LIST in name):
        return value
    head, brackets, rest = name.partition(LIST)
    value = record
    for part in head.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return MISSING
        value = value[part]
    if not brackets or value is None:
        return value
    return _joined(value, rest) if isinstance(value, list) else NOT_A_LIST


def _joined(items: Sequence[Any], path: str) -> Any:
    texts = []
    for value in _leaves(items, path):
        if isinstance(value, str):
            texts.append(value)
        elif value is not None and value is not MISSING:
            return value
    return "\n".join(texts) if texts or not items else MISSING


def _leaves(items: Sequence[Any], path: str) -> Iterator[Any]:
    """The values that a path leads to from the items of a list."""
    head, brackets, rest = path.removeprefix(".").partition(LIST)
    for item in items:
        value = item
        if head:
            value = find(item, head) if isinstance(item, Mapping) else NOT_A_LIST
        if not brackets:
            yield value
        elif isinstance(value, list):
            yield from _leaves(value, rest)
        elif value is not None and value is not MISSING:
            yield NOT_A_LIST


def text_field_of(record: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """The first of the names that the record has, with text or null if there is one such; None if it has none."""
    there = [(name, value) for name in names if (value := find(record, name)) is not MISSING]
    texts = [name for name, value in there if value is None or isinstance(value, str)]
    return texts[0] if texts else there[0][0] if there else None


def missing_field(
    what: str, names: Sequence[str], known: Iterable[str], file: str = "", text: str | None = None
) -> str:
    """The reason for a record or file without a field, which names at most twenty others, each shortened.

    Args:
        what: word for a field, such as ``column``.
        names: names of the fields that were looked for.
        known: names of the fields that exist.
        file: path of the file below the folder that was named; empty if only one record lacks the field.
        text: a field that may be meant; None if there is no such field.
    """
    wanted = (
        " or ".join(map(repr, names)) if len(names) <= 2 else f"{', '.join(map(repr, names[:-1]))} or {names[-1]!r}"
    )
    there = [repr(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…") for name in islice(known, _MOST + 1)]
    if not there:
        return f"has no {what} {wanted} and no others"
    others = f"{', '.join(there[:_MOST])}{', …' if len(there) > _MOST else ''}"
    return f"has no {what} {wanted}, only {others}{read_advice(file, text)}"


def read_advice(file: str, text: str | None) -> str:
    """What to do with a file whose text is in another field, as the end of a reason; empty if that is not known.

    Args:
        file: path of the file below the folder that was named; empty if only one record is concerned.
        text: the field that may be meant; None if there is no such field.
    """
    if not file or text is None:
        return ""
    glob = escape(file)
    return f"; pass --text-field {quote(f'{glob}={text}')} to read it, or --exclude {quote(glob)} to leave it out"


def as_label(value: Any) -> str | None:
    """The value as text, or as compact JSON if it has parts. None if null, missing or not finite."""
    if (
        value is None
        or value is MISSING
        or value is NOT_A_LIST
        or (isinstance(value, float) and not math.isfinite(value))
    ):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool | dict | list | tuple | float | int):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return str(value)  # such as decimals, spans of time, periods and UUIDs
