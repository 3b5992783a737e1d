"""The live line on a terminal that shows how far long work has come."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TextIO

from tokaudit.reports.wrap import beginning, cell_len, terminal_width

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
        room = self._room()
        line = beginning(f"{frames[self._turn]} {text(room - 2)}", room)
        self._write(line, min(room, self._drawn))
        self._drawn = cell_len(line)

    def clear(self) -> None:
        """Clear the line, and a ``^C`` that the terminal wrote after it."""
        if self._drawn:
            self._write("", min(self._room(), self._drawn + len("^C")))
            self._drawn = 0

    def _room(self) -> int:
        """Columns to write to: in the last one some terminals begin a new line."""
        return max(1, (terminal_width(self._stream) or _USUAL_COLUMNS) - 1)

    def _write(self, line: str, wiped: int) -> None:
        blanks = " " * (wiped - cell_len(line))
        back = "\r" if blanks or not line else ""
        text = f"\r{line}{blanks}{back}"
        if not self._unicode:
            encoding = self._stream.encoding or "ascii"
            text = text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
        with suppress(OSError):  # the terminal is gone: the work goes on
            self._stream.write(text)
            self._stream.flush()
