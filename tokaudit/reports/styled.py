"""Lines in bold, dim and coloured type, by `rich`."""

import re
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the program, as other writers do: rich would end the process with code 1."""
        raise  # noqa: PLE0704 - rich calls this where it has caught the error


class StyledLines:
    """Writes styled lines to a terminal, or to what is treated as one."""

    def __init__(self, stream: TextIO) -> None:
        self._console = _Console(file=stream, highlight=False, soft_wrap=True, force_jupyter=False)

    def write(self, line: str, style: str) -> None:
        """Write one line in a style of rich, such as ``bold``."""
        self._console.print(Text(line, style=style))

    def write_marked(self, text: str, marks: Mapping[str, re.Pattern[str]]) -> None:
        """Write text in which what matches a pattern has the colour that the pattern is for."""
        styled = Text(text)
        for colour, pattern in marks.items():
            styled.highlight_regex(pattern, colour)
        self._console.print(styled)

    def write_pair(self, name: str, text: str) -> None:
        """Write one line that begins in dim type."""
        self._console.print(Text.assemble((name, "dim"), text))
