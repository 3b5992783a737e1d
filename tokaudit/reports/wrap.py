"""Text measured in columns, and wrapped at blanks: a number, a name or a path is never broken."""

import os
import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import Final, TextIO

GLUE: Final = "\N{NO-BREAK SPACE}"
"""Stands for a blank that no line may break at; it is written as a blank."""

CUT: Final = "…"
"""Stands where something of a text is not shown."""

_BLANK: Final = re.compile(r" +(?!%)")  # "92 %" is one number
_FALLBACK: Final = 80


def cell_len(text: str) -> int:
    """Columns that a text takes on a terminal: two per wide character, none per combining mark. `rich` loads slowly."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def beginning(text: str, room: int) -> str:
    """The text, or as much of its beginning as fits into so many columns, with an ellipsis.

    Of characters that take no column, there may be three per column.
    """
    head = text[: max(0, 4 * room)]
    if len(head) == len(text) and cell_len(text) <= room:
        return text
    fit = bisect_right(list(accumulate(map(_cells_of, head))), room - 1)
    return (head[:fit].rstrip() + CUT)[: max(0, room)]


def terminal_width(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream writes to: ``$COLUMNS`` if it is set, else its own; 80 if unknown.

    None off a terminal, where nothing is wrapped.
    """
    if not stream.isatty():
        return None
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _FALLBACK
    except (OSError, ValueError):
        return _FALLBACK


def glued(name: str) -> str:
    """The name with its blanks glued, so that it stays on one line inside a sentence."""
    return name.replace(" ", GLUE)


def wrap(text: str, width: int | None, indent: str = "") -> list[str]:
    """The lines of a text, broken only at blanks; a word longer than the width gets its own line.

    Args:
        text: one paragraph; blanks at its beginning are kept.
        width: the largest width of a line; None: one line.
        indent: the beginning of all lines but the first.
    """
    if width is None or cell_len(text) <= width:
        return [text.replace(GLUE, " ")]
    start = text[: len(text) - len(text.lstrip(" "))]
    lines, line = [], start
    for word in _BLANK.split(text.strip(" ")):
        blank = "" if line in {start, indent} else " "
        if line.strip() and cell_len(line) + cell_len(blank + word) > width:
            lines.append(line)
            line, blank = indent, ""
        line += blank + word
        if cell_len(line) > width and not line[: -len(word)].strip():
            line = word  # a long word is not indented
    return [each.replace(GLUE, " ") for each in (*lines, line)]


def longest_word(text: str) -> int:
    """The width of the longest word of a text."""
    return max(map(cell_len, _BLANK.split(text)))
