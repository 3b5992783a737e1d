"""The live line on a terminal that shows how far long work has come."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TextIO

from tokaudit.cli.fitted import beginning, cells

_FRAMES: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PLAIN_FRAMES: Final = "|/-\\"
_PLAIN: Final = str.maketrans("·…━─", "-.#-")
_USUAL_COLUMNS: Final = 80


class LiveLine:
    """One line of a terminal that is redrawn until it is cleared.

    It needs no control sequences: a carriage return goes back, and blanks overwrite what was longer.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn = 0
        self._turn = 0
        self._unicode = (stream.encoding or "").lower().replace("-", "") == "utf8"

    def draw(self, text: Callable[[int], str]) -> None:
        """Replace the text.

        Args:
            text: returns the text for a number of columns; a text that takes more is cut.
        """
        frames = _FRAMES if self._unicode else _PLAIN_FRAMES
        self._turn = (self._turn + 1) % len(frames)
        room = max(1, terminal_columns(self._stream) - 1)  # in the last column some terminals begin a new line
        line = beginning(f"{frames[self._turn]} {text(room - 2)}", room)
        self._write(line, min(room, self._drawn))
        self._drawn = cells(line)

    def clear(self) -> None:
        """Clear the line, and a ``^C`` that the terminal wrote after it."""
        if self._drawn:
            room = max(1, terminal_columns(self._stream) - 1)
            self._write("", min(room, self._drawn + len("^C")))
            self._drawn = 0

    def _write(self, line: str, wiped: int) -> None:
        blanks = " " * (wiped - cells(line))
        back = "\r" if blanks or not line else ""
        text = f"\r{line}{blanks}{back}"
        if not self._unicode:
            encoding = self._stream.encoding or "ascii"
            text = text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
        with suppress(OSError):  # the terminal is gone: the work goes on
            self._stream.write(text)
            self._stream.flush()


def terminal_columns(stream: TextIO) -> int:
    """Columns of the terminal that the stream writes to: ``$COLUMNS`` if it is set, else its own; 80 if unknown."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):
        return _USUAL_COLUMNS
