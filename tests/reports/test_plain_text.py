"""Lines of text in memory, which have no styles."""

from io import StringIO

import pytest

from tokaudit.reports.console import Lines
from tokaudit.reports.plain_text import PlainText


class Terminal(StringIO):
    """Stands for a terminal."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return True


def written(stream: StringIO) -> str:
    lines = Lines(stream)
    lines.write("first")
    lines.write("bold", style="bold")
    return stream.getvalue()


def test_text_in_memory_has_no_styles_even_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)

    assert written(PlainText()) == "first\nbold\n"


def test_a_terminal_has_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert written(Terminal()) == "first\n\x1b[1mbold\x1b[0m\n"
