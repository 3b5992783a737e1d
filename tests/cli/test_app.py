"""The program as a program: options, formats, exit codes and pipes."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from made.commands import EVERY
from made.samples import Counted, Run

from tokaudit import __version__
from tokaudit.cli.app import COMMANDS
from tokaudit.cli.common_options import common_options
from tokaudit.core.errors import CatalogError, InputError, MissingPackageError, TokauditError, UsageError
from tokaudit.ingesters.domains import INGESTERS
from tokaudit.readers.formats import READERS
from tokaudit.reports.formats import REPORTS


def program(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The installed program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tokaudit", *arguments], capture_output=True, text=True, check=False, **options
    )


def test_python_m_tokaudit_prints_the_version() -> None:
    assert program("--version").stdout == f"tokaudit, version {__version__}\n"


@pytest.mark.slow
@pytest.mark.parametrize("fmt", ["json", "csv", "markdown", "table"])
def test_common_options_work_before_and_after_the_command(run: Run, counted: Counted, fmt: str) -> None:
    options: list[object] = ["--catalog", counted.catalog, "--format", fmt, "-q"]
    whole = run("errors", *options)

    for before in (2, 4, 5):
        assert run(*options[:before], "errors", *options[before:]) == whole
    assert whole.out.startswith({"json": "{", "csv": "source,", "markdown": "| source", "table": "source "}[fmt])


def test_an_option_after_the_command_wins(run: Run, counted: Counted) -> None:
    out = run("--format", "csv", "--catalog", "nowhere", "errors", "--catalog", counted.catalog, "--format", "json").out

    assert out.startswith("{")


def test_the_environment_names_the_catalog(run: Run, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tokaudit.duckdb: no catalog found" in run("status", code=4).err
    monkeypatch.setenv("TOKAUDIT_CATALOG", "")
    assert "tokaudit.duckdb: no catalog found" in run("status", code=4).err
    monkeypatch.setenv("TOKAUDIT_CATALOG", str(counted.catalog))
    assert run("status", "-q").out
    assert "elsewhere: no catalog found" in run("status", "--catalog", "elsewhere", code=4).err


TABLES = [["supply"], ["overlap"], ["duplicates"], ["errors"], ["status"], ["query", "sources"], ["query", "--list"]]


@pytest.mark.slow
@pytest.mark.parametrize("command", TABLES, ids=" ".join)
def test_every_format_has_the_same_rows(run: Run, counted: Counted, command: list[str]) -> None:
    done = {fmt: run("--catalog", counted.catalog, *command, "--format", fmt) for fmt in REPORTS.names()}
    rows = done["json"].json["rows"]
    columns, *lines = csv.reader(io.StringIO(done["csv"].out))

    assert list(rows[0]) == columns
    assert [line[0] for line in lines] == [str(row[columns[0]]) for row in rows]
    people = len(rows) + 3 * (command == ["supply"])  # and the total, and below it whose tokens they are
    assert len(done["table"].out.splitlines()) == people + 1
    assert len(done["markdown"].out.splitlines()) == people + 2
    assert "NaN" not in done["json"].out


@pytest.mark.slow
@pytest.mark.parametrize("command", TABLES, ids=" ".join)
def test_quiet_writes_only_the_data(run: Run, counted: Counted, command: list[str]) -> None:
    assert run("--catalog", counted.catalog, *command, "-q").err == ""


@pytest.mark.parametrize("name", COMMANDS.names())
def test_every_command_has_help(run: Run, name: str) -> None:
    shown = run(name, "--help").out

    assert re.search(r"\n\n  [A-Z][^\n]*\n(.+\n)*\n", shown)
    assert "--catalog FILE" in shown
    assert "--format" in shown
    assert re.search(rf"^  {name} +[A-Z]", run("--help").out, re.MULTILINE)


def test_help_names_every_ingester_reader_and_format(run: Run) -> None:
    words = set(re.findall(r"[\w-]+", re.sub(r"-\s+", "-", run("ingest", "--help").out)))

    assert {*INGESTERS.names(), *READERS.names(), *REPORTS.names()} <= words


@pytest.mark.parametrize("name", EVERY)
def test_every_option_of_a_command_has_a_help_and_one_name(name: str) -> None:
    command = EVERY[name]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]

    assert [option.name for option in options if not option.help] == []
    assert len({option.name for option in options}) == len(options)


def test_the_common_options_have_these_names() -> None:
    assert [option.name for option in common_options()] == [
        *("config", "catalog", "format", "json", "raw", "quiet", "verbose", "progress", "version"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["suply"], "supply"),
        (["status", "--format", "xml"], ", ".join(map(repr, REPORTS.names()))),
        (["ingest", "x", "--domain", "web", "--reader", "jsonlines"], f"known: {', '.join(READERS.names())}"),
        (["ingest", "x", "--domain", "web", "--engine", "spark"], "local"),
        (["ingest", "x", "--domain", "web", "--clean", "some"], "'default', 'none'"),
        (["ingest", "x", "--domain", "web", "--label", "licence"], "--label: 'licence' is not of the form NAME=FIELD"),
        (["ingest", "x", "--domain", "web", "--label", "a=b", "--label", "a=c"], "--label: a is named twice"),
        (["ingest", "x", "--domain", "web", "--memory", "much"], "--memory"),
        (["ingest", "x", "--domain", " "], "--domain"),
        (["ingest", "x", "--domain", "web", "--source", "a\nb"], "--source"),
        (["ingest", "x"], "--domain"),
        (["ingest", "--domain", "web"], "PATH"),
        (["status", "--no-such-option"], "--no-such-option"),
        (["query", "nothing_of_that_name"], "bytes_per_token"),
        (["caf\udce9"], "is not valid UTF-8"),
        (["--catalog", "caf\udce9", "status"], "is not valid UTF-8"),
    ],
)
def test_wrong_usage_exits_with_2_and_lists_what_is_known(run: Run, arguments: list[str], message: str) -> None:
    Path("x").write_text("x")
    refused = run(*arguments, code=2)

    assert message in refused.err
    assert refused.out == ""
    assert [path.name for path in Path.cwd().iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(TokauditError, 1), (UsageError, 2), (InputError, 3), (CatalogError, 4), (MissingPackageError, 5)],
)
def test_an_expected_error_is_one_line_and_its_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: type[TokauditError], code: int
) -> None:
    def fail(_: object) -> None:
        raise error("a file called\n\x1b[31m is bad")

    monkeypatch.setattr("tokaudit.audit.answers.status", fail)
    refused = run("status", code=code)

    assert refused.out == ""
    assert refused.err == "tokaudit: a file called\\x0a\\x1b[31m is bad\n"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied", "/x/folder"), "/x/folder: can't be accessed: Permission denied"),
        (OSError(5, "Input/output error"), "the system refused: Input/output error"),
        (BrokenPipeError(32, "Broken pipe"), "the system refused: Broken pipe"),
    ],
)
def test_an_unreadable_folder_is_not_reported_as_a_failed_write(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr("tokaudit.audit.answers.status", fail)
    refused = run("status", code=3)

    assert (refused.out, refused.err) == ("", f"tokaudit: {message}\n")


def test_a_bug_of_the_program_keeps_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("tokaudit.audit.answers.status", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        run("status")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pipes differ there")
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "select range as n from range(300000)", "--format", "csv"],
        ["query", "--list"],
        ["query", "--help"],
        ["--help"],
    ],
)
def test_a_closed_pipe_is_not_an_error(counted: Counted, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "tokaudit", "--catalog", str(counted.catalog), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as piped:
        assert piped.stdout is not None
        assert piped.stderr is not None
        piped.stdout.close()
        said = piped.stderr.read()

    assert (piped.returncode, said) == (0, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", ["--help", "laws", "query --list"])
def test_a_full_disk_behind_stdout_is_one_line(arguments: str) -> None:
    command = [sys.executable, "-m", "tokaudit", *arguments.split()]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (3, "tokaudit: stdout: can't be written: No space left on device\n")


def test_an_ascii_pipe_gets_escapes(counted: Counted) -> None:
    done = program(
        "--catalog",
        str(counted.catalog),
        "query",
        "select 'é→' as x",
        "--format",
        "csv",
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "x\n\\xe9\\u2192\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_stderr_keeps_the_exit_code() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "tokaudit", "nothing"], stderr=full, check=False)

    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell's redirection")
def test_a_closed_stdin_is_an_empty_one() -> None:
    command = f'exec "{sys.executable}" -m tokaudit query - <&-'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith("tokaudit: query: unknown name ''")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell's redirection")
def test_a_closed_stderr_is_not_an_error() -> None:
    command = f'exec "{sys.executable}" -m tokaudit laws 2>&-'
    done = subprocess.run(["/bin/sh", "-c", command], stdout=subprocess.PIPE, check=False)

    assert done.returncode == 0
    assert b"hoffmann2022" in done.stdout
