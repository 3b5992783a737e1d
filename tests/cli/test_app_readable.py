"""Names that are long or hostile, in what the commands write for people and for programs."""

import csv
import io
import re
import shlex
import sys
from pathlib import Path
from typing import Final

import pytest
from made.samples import Run, write_jsonl

from tokaudit.reports.wrap import cell_len

LABEL: Final = "L" * 100_000
DOMAIN: Final = f"long{'N' * 5_000}"
HOSTILE: Final = "=1+1\u202egnp\x1b[31m"
SHOWN: Final = r"\u202egnp\x1b[31m"
COMMANDS: Final = (
    "supply",
    "supply --by tag",
    "supply --by source",
    "status",
    "errors",
    "duplicates",
    "duplicates --diff",
    "overlap --by source",
    "plan --flops 1e22 --supply measured -v",
    "query 'select * from labels'",
    f"query 'select value as {'c' * 500} from labels'",  # noqa: S608 - our own
    f"forget {'s' * 100_000}",
)
MOST: Final = 8_000
"""Characters that a command may write; the label alone has far more."""


@pytest.fixture
def call(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that runs a command on a catalog with long and hostile names."""
    place = tmp_path_factory.getbasetemp() / "readable"
    catalog = place / "names.duckdb"
    if not catalog.exists():
        texts = [f"some words of number {at % 3}" for at in range(4)]
        file = write_jsonl(place / "a\u202e.jsonl", texts, tag=[HOSTILE, "-5", LABEL, LABEL])
        file.write_text(file.read_text() + "{\n")
        wanted = (
            "--domain",
            DOMAIN,
            "--source",
            "s\u202e",
            "--label",
            "tag=tag",
            "--limit",
            "label=1MiB",
            "--on-bad-record",
            "skip",
        )
        run("--catalog", catalog, "ingest", file, *wanted, "-q", code=1)
    return lambda *arguments, code=0: run("--catalog", catalog, *arguments, code=code)


@pytest.mark.parametrize("command", COMMANDS)
def test_long_and_hostile_names_neither_widen_nor_control_a_terminal(
    command: str, call: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    done = call(*shlex.split(command), code=2 if command.startswith("forget") else 0)

    written = done.out + done.err
    paths = [line for line in written.splitlines() if "/" in line]  # of the tests, which may be longer
    assert max(cell_len(line) for line in written.splitlines() if line not in paths) <= 80
    assert len(written) < MOST
    assert not [each for each in ("\u202e", "\x1b", *(letter * 100 for letter in "LNcs")) if each in written]


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_tables_off_a_terminal_show_hidden_characters_and_cut_long_names(fmt: str, call: Run) -> None:
    out = call("--format", fmt, "supply", "--by", "tag").out

    assert SHOWN in out.replace(r"\\", "\\").replace(r"\[", "[")
    assert "LLL…LLL" in out
    assert "L" * 100 not in out


def test_csv_has_long_labels_whole_and_hostile_ones_harmless(call: Run) -> None:
    out = call("--format", "csv", "supply", "--by", "tag").out

    assert [row[0] for row in csv.reader(io.StringIO(out))] == ["tag", "'-5", f"'=1+1{SHOWN}", LABEL]


def test_raw_csv_has_all_labels_as_they_are(call: Run) -> None:
    for out in (
        call("--format", "csv", "--raw", "supply", "--by", "tag").out,
        call("supply", "--by", "tag", "--raw", "--format", "csv").out,
    ):
        assert [row[0] for row in csv.reader(io.StringIO(out))] == ["tag", "-5", HOSTILE, LABEL]


def test_json_has_all_names_as_they_are(call: Run) -> None:
    found = call("supply", "--by", "tag", "--json").json

    assert [row["tag"] for row in found["rows"]] == ["-5", HOSTILE, LABEL]
    assert call("supply", "--json").json["rows"][0]["domain"] == DOMAIN


def test_numbers_in_csv_stay_numbers(call: Run) -> None:
    out = call("--format", "csv", "query", "select -1 as a, -0.5 as b, '-1' as c").out

    assert out == "a,b,c\n-1,-0.5,'-1\n"


def test_a_figure_and_a_card_show_a_long_name_in_short(call: Run, tmp_path: Path) -> None:
    call("report", "--card", tmp_path / "card.md")
    call("plot", "supply", "-o", tmp_path / "supply.svg", "--flops", "1e22", "--supply", "measured")

    for file in (tmp_path / "card.md", tmp_path / "supply.svg"):
        text = file.read_text(encoding="utf-8")
        shown = text.partition("```sh")[0]  # commands are there to be copied
        assert not re.search(">[^<]*N{100}" if file.suffix == ".svg" else "N{100}", shown)
        assert "\u202e" not in text
