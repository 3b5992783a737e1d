"""Blocks between ``generated`` and ``end`` contain what their command prints now."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from made.documents import DOCUMENTS, README, WIDTH, generated, on_a_terminal, rewritten, text_of

NAMES = [document.name for document in DOCUMENTS]


@pytest.mark.slow
@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_generated_blocks_are_what_their_commands_print(document: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("write_docs"):
        document.write_text(rewritten(text_of(document)), encoding="utf-8")

    assert rewritten(text_of(document)) == text_of(document), "write them anew: pytest -n 0 tests/docs --write-docs"


def test_the_readme_shows_the_output_of_each_of_its_three_tasks() -> None:
    assert [command.split()[1] for command in generated(text_of(README))] == ["supply", "plan", "ceilings"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_every_comment_that_generates_is_understood(document: Path) -> None:
    text = text_of(document)

    assert text.count("<!-- generated") == len(generated(text))
    assert text.count("<!-- generated") == text.count("<!-- end -->")


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("", lambda printed: printed),
        (" (first 4 lines)", lambda printed: "\n".join(printed.split("\n")[:4]).rstrip() + "\n…"),
        (" (first paragraph)", lambda printed: printed.split("\n\n")[0] + "\n…"),
    ],
)
def test_a_block_is_filled_with_the_output_or_its_beginning(part: str, shown: Callable[[str], str]) -> None:
    comment = f"<!-- generated{part}: tokaudit guide sql -->\n"
    printed = on_a_terminal(["guide", "sql"]).strip("\n")

    assert rewritten(f"before\n{comment}old\n<!-- end -->\nafter\n") == (
        f"before\n{comment}```text\n$ tokaudit guide sql\n{shown(printed)}\n```\n<!-- end -->\nafter\n"
    )


def test_a_command_that_prints_nothing_fills_no_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("made.documents.on_a_terminal", lambda _: "\n")

    with pytest.raises(AssertionError, match="prints nothing"):
        rewritten("<!-- generated: tokaudit guide -->\n<!-- end -->")


def test_a_long_command_is_folded_as_a_shell_takes_it() -> None:
    command = f"tokaudit guide {'--format markdown ' * 4}sql"
    filled = rewritten(f"<!-- generated: {command} -->\n<!-- end -->")

    shown = filled.partition("$ ")[2].partition("\n# SQL\n")[0]
    assert shlex.split(shown.replace("\\\n", "")) == command.split()
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    assert "--format \\\n" not in shown
