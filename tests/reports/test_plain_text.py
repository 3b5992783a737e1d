"""Lines of text in memory, which have no styles."""

import pytest

from tokaudit.reports.console import Lines
from tokaudit.reports.plain_text import PlainText


def written(stream: PlainText) -> str:
    lines = Lines(stream)
    lines.write("first")
    lines.write("bold", style="bold")
    return stream.getvalue()


def test_text_in_memory_has_no_styles_even_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)

    assert written(PlainText()) == "first\nbold\n"
