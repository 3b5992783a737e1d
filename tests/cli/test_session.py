"""What a call of the program says on stderr."""

from pathlib import Path

import pytest

from tokaudit.cli.session import Session


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("see `tokaudit errors`", "see `tokaudit --catalog 'my own.duckdb' errors`"),
        ("run `tokaudit forget a`, then again", "run `tokaudit --catalog 'my own.duckdb' forget a`, then again"),
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
