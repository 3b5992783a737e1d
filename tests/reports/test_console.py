"""Lines with and without type of their own."""

import io
import re
import subprocess
import sys

import pytest

from tokaudit.reports.console import Lines


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def written(stream: io.StringIO) -> str:
    lines = Lines(stream)
    lines.write("[bold] text, 'quoted' 中文 :smile:" + " and more" * 30, style="bold")
    lines.write_marked("a {+new+} word", {"green": re.compile(r"\{\+.*?\+\}")})
    lines.write_pair("name ", "value")
    lines.write()
    return stream.getvalue()


def test_off_a_terminal_lines_are_those_of_a_terminal_without_their_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    styled = written(Terminal())

    assert "\x1b[1m" in styled
    assert re.sub(r"\x1b\[[\d;]*m", "", styled) == written(io.StringIO())


def test_colours_can_be_had_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b[1m" in written(io.StringIO())


def test_rich_is_not_loaded_off_a_terminal() -> None:
    script = "import sys; from tokaudit.cli.app import main; main(['stocks']); print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "False"
