"""Lines with and without type of their own."""

import io
import re
import subprocess
import sys
from pathlib import Path

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


def test_a_file_has_colours_if_a_variable_asks_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        Lines(file).write("bold", style="bold")

    assert (tmp_path / "out").read_text(encoding="utf-8") == "\x1b[1mbold\x1b[0m\n"


def test_text_in_memory_has_no_styles_even_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    stream = io.StringIO()
    Lines(stream).write("bold", style="bold")

    assert stream.getvalue() == "bold\n"


def test_rich_is_not_loaded_off_a_terminal() -> None:
    script = "import sys; from tokaudit.cli.app import main; main(['stocks']); print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "False"
