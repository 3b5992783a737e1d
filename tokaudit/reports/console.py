"""A terminal, or a file in its place."""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TextIO

from tokaudit.reports.plain_text import PlainText

if TYPE_CHECKING:
    from tokaudit.reports.styled import StyledLines

_ASKED: Final = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables that ask `rich` for colours where there is no terminal."""


class Lines:
    """Writes lines to a stream as they are, in bold and dim type where a terminal has that."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._styled = _styled(stream)

    def write(self, line: str = "", *, style: str = "") -> None:
        """Write one line."""
        if style and self._styled:
            self._styled.write(line, style)
        else:
            print(line, file=self._stream)

    def write_marked(self, text: str, marks: Mapping[str, re.Pattern[str]]) -> None:
        """Write text in which what matches a pattern has the colour that the pattern is for."""
        if self._styled:
            self._styled.write_marked(text, marks)
        else:
            print(text, file=self._stream)

    def write_pair(self, name: str, text: str) -> None:
        """Write one line that begins in dim type."""
        if self._styled:
            self._styled.write_pair(name, text)
        else:
            print(f"{name}{text}", file=self._stream)


def _styled(stream: TextIO) -> "StyledLines | None":
    """What writes styled lines; None for text in memory, and where there is no terminal."""
    if isinstance(stream, PlainText) or not (stream.isatty() or any(os.environ.get(name) for name in _ASKED)):
        return None
    from tokaudit.reports.styled import StyledLines  # noqa: PLC0415 - rich takes a while to load

    return StyledLines(stream)
