"""Errors of functions that commands call too: in Python, their messages name arguments instead of options."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from tokaudit.core.errors import TokauditError

P = ParamSpec("P")
T = TypeVar("T")

_FLAGS: Final = frozenset({"--count-synthetic", "--dry-run", "--force", "--language", "--repair"})
"""Options that take no value: arguments that are True."""

_OPTION: Final = r"(?<![\w/.-])--[a-z][a-z-]*[a-z]"
_VALUE: Final = r"'[^']*'|(?!to\b|or\b|and\b|with\b|for\b|next\b|if\b|in\b|as\b)[\w.%+-]*\w%?"
_KEPT: Final = r"`[^`]*`|(?<!\w)'[^']*'(?!\w)"
"""Commands, and what the user wrote: these stay."""

_ADVICE: Final = re.compile(rf"{_KEPT}|\b(?:pass|add|use) (?:{_OPTION}(?: (?:{_VALUE}))? ?)+")
_PAIR: Final = re.compile(rf"({_OPTION})(?: ({_VALUE}))?")
_NAME: Final = re.compile(rf"{_KEPT}|{_OPTION}")


def in_python(message: str) -> str:
    """The message with ``max_epochs`` for ``--max-epochs``, and ``force=True`` for advice to pass ``--force``.

    Commands in backticks and quoted text stay as they are.
    """
    return _NAME.sub(_named, _ADVICE.sub(_advised, message))


def with_argument_names(function: Callable[P, T]) -> Callable[P, T]:
    """The function, whose errors name its arguments instead of the options of commands."""

    @wraps(function)
    def called(*given: P.args, **named: P.kwargs) -> T:
        try:
            return function(*given, **named)
        except TokauditError as error:
            error.args = (in_python(str(error)),)
            raise

    return called


def _advised(found: re.Match[str]) -> str:
    return found[0] if found[0][0] in "`'" else _PAIR.sub(_assigned, found[0])


def _assigned(found: re.Match[str]) -> str:
    """An option with its value, as an argument is written."""
    option, value = found.groups()
    if option in _FLAGS:
        return f"{_argument(option)}=True" + (f" {value}" if value else "")
    if value is None:
        return _argument(option)
    return f"{_argument(option)}={value}" if value[0] == "'" else f'{_argument(option)}="{value}"'


def _named(found: re.Match[str]) -> str:
    return found[0] if found[0][0] in "`'" else _argument(found[0])


def _argument(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")
