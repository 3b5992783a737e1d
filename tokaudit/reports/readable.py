"""Text as people see it: nothing misleads, and nothing is so long that a table widens or a terminal is flooded."""

import re
from typing import Final

from tokaudit.core.printable import printable
from tokaudit.reports.wrap import beginning

_LONGEST: Final = 256
"""Longest name, number or path that is shown whole. File names of more than 255 bytes are rare."""
_SHOWN: Final = 32
"""Columns that are shown of a longer one: about half of its beginning, and half of its end."""
_LONGEST_TEXT: Final = 4_000
"""Longest text that is shown whole; 50 lines of a terminal."""
_LONG_WORD: Final = re.compile(rf"\S{{{_LONGEST + 1},}}")


def readable(text: str) -> str:
    """The text as `printable` shows it; words that are too long are cut in the middle, and a long text at its end."""
    shown = printable(text)
    return beginning(_LONG_WORD.sub(lambda word: _ends(word[0]), shown), _LONGEST_TEXT)


def readable_name(text: str) -> str:
    """The name or value as `printable` shows it; one that is too long is cut in the middle."""
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else _ends(shown)


def _ends(text: str) -> str:
    """The beginning and the end of a long text, with an ellipsis in between."""
    half = _SHOWN // 2
    end = beginning(text[::-1], half)[:-1][::-1]
    return f"{beginning(text, half)}{end}"
