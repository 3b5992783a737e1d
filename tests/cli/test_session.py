"""What holds for one call, and lines on stderr."""

import sys
from pathlib import Path

import pytest

from tokaudit.cli.session import Session, print_to_stderr


def test_the_catalog_is_the_one_named_else_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_CATALOG", "")
    assert Session().catalog == Path("tokaudit.duckdb")
    monkeypatch.setenv("TOKAUDIT_CATALOG", "other.duckdb")
    assert Session().catalog == Path("other.duckdb")
    assert Session(Path("named.duckdb")).catalog == Path("named.duckdb")


def test_a_note_can_t_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Session().say("saved as \x1b[31mred")
    Session(quiet=True).say("nothing")

    assert capsys.readouterr() == ("", "tokaudit: saved as \\x1b[31mred\n")


def test_on_a_terminal_a_line_is_wrapped(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    print_to_stderr("one two three four")

    assert capsys.readouterr().err == "tokaudit: one two\nthree four\n"


def test_a_stderr_that_can_t_be_written_is_not_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stderr, "write", fail)
    print_to_stderr("lost")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("see `tokaudit errors`", "see `tokaudit errors --catalog 'my own.duckdb'`"),
        ("run `tokaudit forget a`, then again", "run `tokaudit forget a --catalog 'my own.duckdb'`, then again"),
        ("see `tokaudit plan --help`", "see `tokaudit plan --help`"),
        ("`tokaudit --catalog x status`", "`tokaudit --catalog x status`"),
        ("`tokaudit status --catalog x`", "`tokaudit status --catalog x`"),
    ],
)
def test_advised_commands_name_the_catalog_of_the_call(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Session(named_catalog=Path("my own.duckdb")).say(line)
    Session().say(line)

    assert capsys.readouterr().err == f"tokaudit: {said}\ntokaudit: {line}\n"
