"""The commands, SQL and Python in README and guide run; each command of the program is in the guide."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from made.documents import CHAPTERS, DOCUMENTS, README, WIDTH, blocks, shell_lines, text_of, write_settings
from made.samples import Run

from tokaudit.cli.app import COMMANDS

INSTALLS = re.compile(r"^python3 -m venv ")
"""Lines that make an environment: `.ci/run` runs them."""

NOT_RUN = {
    "cluster": "needs a cluster",
    "config": "ends the shell",
    "counting": "needs a pipe or a network",
    "formats": "needs a network",
    "performance": "benchmarks run for minutes, and lie in a checkout only",
    "scripting": "belongs to another shell",
}
"""Chapters with commands in blocks ``text``, which are not run, and the reason."""

EXIT_CODE = re.compile(r" # exit code (\d)$")
"""A comment behind a command that ends with another exit code than 0."""

USES_DUCKDB = re.compile(r"^duckdb | \| duckdb ")
"""Lines with the command line of DuckDB: they run in a shell."""

SLOW = pytest.mark.slow


def of_all_documents(language: str) -> list[str]:
    """Return the blocks of a language in README and guide; a guide without one is not what the tests were written for.

    Those of a notebook run in `test_notebooks.py`, each after the others.
    """
    chapters = [chapter for chapter in DOCUMENTS if not chapter.with_suffix(".ipynb").exists()]
    found = [block for chapter in chapters for block in blocks(text_of(chapter), language)]
    assert found, language
    return found


def in_a_shell(line: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Return what a shell makes of a line; the line fails if any program in it does."""
    command = ["bash", "-euo", "pipefail", "-c", line]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


WITH_COMMANDS = [document for document in DOCUMENTS if shell_lines(text_of(document))]


@SLOW
@pytest.mark.parametrize("document", WITH_COMMANDS, ids=[document.name for document in WITH_COMMANDS])
def test_every_command_of_a_document_runs(document: Path, run: Run, at_work: Path, shell: dict[str, str]) -> None:
    write_settings(document, at_work)
    for line in shell_lines(text_of(document)):
        if INSTALLS.match(line):
            continue
        if USES_DUCKDB.search(line):
            done_there = in_a_shell(line, at_work, shell)
            assert (done_there.returncode, done_there.stderr) == (0, b""), line
            assert done_there.stdout, line
            continue
        program, *arguments = shlex.split(line, comments=True)
        code = EXIT_CODE.search(line)
        assert program == "tokaudit", line
        done = run(*arguments, code=int(code[1]) if code else 0)
        assert done.out or done.err, line


@SLOW
@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("statement", of_all_documents("sql"))
def test_every_select_of_the_guide_runs(statement: str, run: Run) -> None:
    assert run("query", statement, "--format", "json").json["rows"]


@SLOW
@pytest.mark.usefixtures("exported")
@pytest.mark.parametrize("block", of_all_documents("python"))
def test_every_python_block_of_a_document_runs(block: str, at_work: Path, shell: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-c", block], cwd=at_work, env=shell, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout


def test_chapters_with_commands_that_are_not_run_have_a_reason() -> None:
    chapters = {
        chapter.stem
        for chapter in CHAPTERS
        if any(re.search(r"^(tokaudit|python) ", block, re.MULTILINE) for block in blocks(text_of(chapter), "text"))
    }

    assert chapters == set(NOT_RUN)


@pytest.mark.parametrize("name", COMMANDS.names())
def test_every_command_is_in_the_guide(name: str) -> None:
    assert any(re.search(rf"\btokaudit {name}\b", text_of(chapter)) for chapter in CHAPTERS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[document.name for document in DOCUMENTS])
def test_commands_fit_a_terminal_of_eighty_columns(document: Path) -> None:
    lines = [line for block in blocks(text_of(document), "sh") for line in block.splitlines()]

    assert [line for line in lines if len(line) > WIDTH and not INSTALLS.match(line)] == []


def test_only_the_readme_installs() -> None:
    assert [document for document in DOCUMENTS if any(map(INSTALLS.match, shell_lines(text_of(document))))] == [README]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_that_completes_commands_in_a_shell_works(
    shell: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        line
        for chapter in CHAPTERS
        for block in blocks(text_of(chapter), "text")
        for line in block.splitlines()
        if f"_TOKAUDIT_COMPLETE={shell}_source tokaudit" in line
    ]
    monkeypatch.setenv("_TOKAUDIT_COMPLETE", f"{shell}_source")

    assert len(lines) == 1
    assert f"_TOKAUDIT_COMPLETE={shell}_complete" in run().out
