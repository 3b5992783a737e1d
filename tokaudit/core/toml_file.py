"""TOML files that people write: their values, and the line on which each of them stands."""

import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tokaudit.core.errors import InputError

MOST_BYTES: Final = 2**20
"""A larger file is not settings that a person wrote."""

_PIECE: Final = re.compile(
    r"""(?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
      | (?P<comment>\#[^\n]*)
      | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<equals>=) | (?P<newline>\n)
      | [^"'\#\[\]{}=\n]+""",
    re.VERBOSE | re.DOTALL,
)
"""A part of valid TOML. Only these parts matter to find out where a key stands."""

_DEEP: Final = re.compile(r"""(?<![\w-])(?:(?:"[^"\n]*"|'[^'\n]*'|[\w-]++)[ \t]*+\.[ \t]*+){64}""")
"""A dotted key of so many parts that nobody writes it. Python's parser takes memory by the square of their number."""

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
"""The end of the parser's words on a fault: where it is."""

_TWICE: Final = ("Cannot overwrite", "Cannot declare")
"""The beginnings of the parser's words on a key or table that occurs twice. It places them behind the value."""


class TomlFile:
    """A TOML file.

    Attributes:
        path: as it was named.
        values: its tables and values.
    """

    def __init__(self, path: Path, text: str, values: Mapping[str, Any]) -> None:
        self.path = path
        self.values = values
        self._text = text

    def place(self, *keys: str) -> str:
        """``FILE:LINE`` of a key, given the names of the tables above it first; the nearest table's if it has none."""
        return f"{self.path}:{self.line(*keys)}"

    def line(self, *keys: str) -> int:
        """The line of a key, from 1, as in `place`."""
        while keys and keys not in self._lines:  # in an inline table: on the line of the table, or below it
            keys = keys[:-1]
        return self._lines.get(keys, 1)

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        """The line of each table and key. It is looked for only if it is asked for: most files have no fault."""
        found: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for line, head, is_table in _statements(self._text):
            keys = _keys(head if is_table else f"{head}=0")
            if is_table:
                table = keys
            above = () if is_table else table
            for depth in range(len(above) + 1, len(above + keys) + 1):
                found.setdefault((above + keys)[:depth], line)
        return found


def read_toml(path: Path) -> TomlFile:
    """The content of a TOML file.

    Raises:
        InputError: the file can't be read, is larger than `MOST_BYTES`, is not valid UTF-8 or is not TOML.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path}: is a folder, not a file of settings")
        if not (stat.S_ISREG(mode) or stat.S_ISCHR(mode)):  # /dev/null is a file without settings
            raise InputError(f"{path}: is not a file; a pipe can't be read for settings")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror or error}") from error
    except ValueError as error:  # a zero byte in the name
        raise InputError(f"{path}: is not the name of a file") from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{path}: is larger than 1 MiB, so it is not a file of settings")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: is not valid UTF-8; convert it") from error
    return TomlFile(path, text, _parsed(path, text))


def _parsed(path: Path, text: str) -> dict[str, Any]:
    too_deep = f"{path}: has values nested too deeply; write it flatter"
    if _DEEP.search(text):
        raise InputError(too_deep)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise InputError(too_deep) from error
    except ValueError as error:  # a number of thousands of digits, too
        words, found = str(error), _PLACE.search(str(error))
        if not found:
            raise InputError(f"{path}: is not valid TOML: {words[:1].lower()}{words[1:]}") from error
        line, words = int(found[1] or text.count("\n") + 1), words[: found.start()]
        if words.startswith(_TWICE):
            line, head, _ = max(each for each in _statements(text) if each[0] <= line)
            words = f"{head.strip()} is there twice; leave one"
        raise InputError(f"{path}:{line}: is not valid TOML: {words[:1].lower()}{words[1:]}") from error


def _statements(text: str) -> Iterator[tuple[int, str, bool]]:
    """For each statement of valid TOML: its line, and its table in brackets or its key; which of both it is."""
    line = begun = 1
    depth, head = 0, ""
    ended = False  # the key is complete
    for piece in _PIECE.finditer(text):
        kind, found = piece.lastgroup, piece[0]
        if kind == "newline" and depth == 0:
            if head.strip().startswith("["):
                yield begun, head, True
            head, ended = "", False
        elif kind == "equals" and depth == 0 and not ended:
            yield begun, head, False
            head, ended = "", True
        elif kind != "comment" and not ended:
            if not head.strip():
                begun = line
            head += found
        depth += (kind == "open") - (kind == "close")
        line += found.count("\n")
    if head.strip().startswith("["):
        yield begun, head, True


def _keys(statement: str) -> tuple[str, ...]:
    """The names in a dotted key or in the header of a table."""
    keys: list[str] = []
    try:
        found: Any = tomllib.loads(statement)
    except (ValueError, RecursionError):  # it was valid in its place, so this is not a key
        return ()
    while found:
        if isinstance(found, list):  # [[tables]]
            found = found[0]
            continue
        ((name, found),) = found.items()
        keys.append(name)
    return tuple(keys)
