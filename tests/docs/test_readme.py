"""The README is short, links to every chapter, and has the lines that CI runs."""

import re
import subprocess
from pathlib import Path

import pytest
from made.documents import CHAPTERS, README, ROOT, text_of

LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")


def test_the_readme_has_at_most_150_lines() -> None:
    assert len(text_of(README).splitlines()) <= 150


def test_the_readme_links_to_every_chapter() -> None:
    links = [Path(link) for link in LINK.findall(text_of(README)) if link.startswith("tokaudit/guide/")]

    assert {link.name for link in links} == {chapter.name for chapter in CHAPTERS}
    assert {link.parent.as_posix() for link in links} == {"tokaudit/guide"}


def test_the_limits_begin_with_deduplication_below_the_document() -> None:
    limits = text_of(README).partition("\n## Limits\n\n")[2]

    assert limits.startswith("* **No deduplication below the document.**")


@pytest.mark.parametrize("marker", ["demo line", "test line"])
def test_each_line_that_ci_runs_stands_below_its_marker(marker: str) -> None:
    (line,) = re.findall(rf"^<!-- {marker} -->\n```sh\n(python3 -m venv .+)\n```$", text_of(README), re.MULTILINE)

    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
    assert line.endswith({"demo line": ".venv/bin/tokaudit demo", "test line": ".venv/bin/pytest -q"}[marker])


def test_the_first_command_is_the_line_that_runs_the_demo() -> None:
    assert "tokaudit demo" in next(line for line in text_of(README).splitlines() if line.startswith("python3"))


def test_ci_finds_the_line_with_the_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (command,) = re.findall(r"^line=\$\((.+)\)$", script, re.MULTILINE)
    found = subprocess.check_output(["bash", "-c", command], cwd=ROOT, text=True)

    assert found.count("\n") == 1
    assert found.strip().endswith("pytest -q")
