"""Kinds of values in ``tokaudit.toml``: what is taken, and in which one form it goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import checked_name
from tokaudit.core.units import parse_duration, parse_share, parse_size

_LONGEST: Final = 40
_LARGEST: Final = 10**300
"""A larger number is none of a training run, and takes long to write."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of values.

    Attributes:
        what: what a value must be, after "must be".
        example: such a value, as TOML.
        read: the value in the one form in which it goes on; None: it is not of this kind.
    """

    what: str
    example: str
    read: Callable[[Any], Any]

    def fault(self, value: Any) -> str:
        """What is wrong with a value that is not of this kind, and what to write instead."""
        return f"{_shown(value)} must be {self.what}, such as {self.example}"


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and "\0" not in value else None


def _texts(value: Any) -> tuple[str, ...] | None:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(map(_text, given)):
        return None
    return tuple(given)


def _some_texts(value: Any) -> tuple[str, ...] | None:
    return _texts(value) or None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> str | None:
    """The text that the option would get. A number is written briefly, and is read as the same number again."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str):
        return _text(value)
    if not abs(value) < _LARGEST:  # infinite or a NaN, too
        return None
    brief = f"{value:g}".replace("e+", "e") if isinstance(value, float) else ""
    return brief if brief and float(brief) == value else str(value)


def _size(value: Any) -> str | None:
    return _parsed(value, parse_size)


def _duration(value: Any) -> str | None:
    return _parsed(_number(value), parse_duration)


def _share(value: Any) -> str | None:
    return _parsed(_number(value), parse_share)


def _parsed(text: Any, parse: Callable[[str], float]) -> str | None:
    if not isinstance(text, str):
        return None
    try:
        parse(text)
    except UsageError:
        return None
    return text


def _fields(value: Any) -> Mapping[str, str] | None:
    """Names and texts."""
    if not isinstance(value, dict) or not all(_text(name) and _text(text) for name, text in value.items()):
        return None
    return dict(value)


def _entries(value: Any) -> tuple[str, ...] | None:
    """``NAME=VALUE`` for each entry of a table, or as they stand in a list."""
    if not isinstance(value, dict):
        return _texts(value)
    texts = {name: _number(each) for name, each in value.items()}
    if any(text is None or not _text(name) or set(name + text) & set(",=") for name, text in texts.items()):
        return None  # an option takes the names and numbers as one text, parted by these
    return tuple(f"{name}={text}" for name, text in texts.items())


def _by_domain(value: Any) -> str | Mapping[str, str] | None:
    """Domain -> number, as the option would get it, or a text as it stands. A domain may have any printable name."""
    if not isinstance(value, dict):
        return _text(value)
    texts = {name: _number(each) for name, each in value.items() if _is_domain(name)}
    numbers = {name: text for name, text in texts.items() if text is not None}
    return numbers if numbers and len(numbers) == len(value) else None


def _is_domain(name: str) -> bool:
    try:
        return bool(checked_name(name, ""))
    except UsageError:
        return False


def _number_or_by_domain(value: Any) -> str | Mapping[str, str] | None:
    return _by_domain(value) if isinstance(value, dict) else _number(value)


def _stages(value: Any) -> tuple[str | Mapping[str, Any], ...] | None:
    """Stages in order, each as text or as a table; whether a table has the right keys is for the plan to say."""
    given = [value] if isinstance(value, (str, dict)) else value
    read = [_stage(each) for each in given] if isinstance(given, list) else [None]
    stages = tuple(each for each in read if each is not None)
    return stages if len(stages) == len(read) else None


def _stage(value: Any) -> str | Mapping[str, Any] | None:
    if not isinstance(value, dict):
        return _text(value)
    fields = {key: _field_of_stage(key, each) for key, each in value.items()}
    return None if any(each is None for each in fields.values()) else fields


def _field_of_stage(key: str, value: Any) -> str | Mapping[str, str] | None:
    if key == "mixture":
        return _by_domain(value)
    return _number(value) if key in ("tokens", "share") else _text(value)


def whole(most: int, least: int = 1) -> Kind:
    """The kind of whole numbers from ``least`` to ``most``."""

    def read(value: Any) -> int | None:
        return value if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most else None

    return Kind(f"a whole number from {least} to {most:,}", "40", read)


def choice(names: Sequence[str]) -> Kind:
    """The kind of values that are one of these names."""
    return Kind(f"one of {', '.join(names)}", f'"{names[0]}"', lambda value: value if value in names else None)


def _shown(value: Any) -> str:
    """A value in a few words of a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…")
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**_LONGEST):
        return str(value)
    return f"this {_WORDS.get(type(value), 'value')}"


_WORDS: Final = {list: "list", dict: "table", int: "number", float: "number"}

TEXT: Final = Kind("text in quotes", '"a name"', _text)
TEXTS: Final = Kind("text or a list of texts", '["one", "two"]', _texts)
PATHS: Final = Kind("a path or a list of paths", '["crawl/"]', _some_texts)
FLAG: Final = Kind("true or false", "true", _flag)
NUMBER: Final = Kind("a finite number, bare or as text", '"1e24"', _number)
SIZE: Final = Kind("a size with its unit, as text", '"8GiB"', _size)
DURATION: Final = Kind("a time with its unit, as text, or a number of seconds", '"1h"', _duration)
SHARE: Final = Kind("a share from 0 to 1", "0.4", _share)
FIELDS: Final = Kind("a table of names and fields", '{ quality = "score" }', _fields)
ENTRIES: Final = Kind("a table of names and numbers, or a list of texts", '{ record = "8MiB" }', _entries)
BY_DOMAIN: Final = Kind("text or a table of domains and numbers", "{ web = 0.8, code = 0.2 }", _by_domain)
NUMBER_OR_BY_DOMAIN: Final = Kind("a number, text or a table of domains and numbers", "4", _number_or_by_domain)
STAGES: Final = Kind("a list of texts or tables", '["main 90% web=1", "end 10% math=1"]', _stages)
