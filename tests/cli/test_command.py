"""What every command has: a group, a whole summary, examples, options that say what they are, and hints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from made.commands import EVERY
from made.runs import scattered, write_csv
from made.samples import Counted, Run, write_jsonl

from tokaudit.cli.app import COMMANDS
from tokaudit.cli.command import GROUPS
from tokaudit.cli.common_options import common_options
from tokaudit.cli.session import Session

EXAMPLES = [pytest.param(name, example, id=f"{name}: {example}") for name in EVERY for example in EVERY[name].examples]
QUICK = set("ceilings corpora explain flops laws mixtures plan query runs stocks supply status tokenizers".split())
"""Commands whose examples run on the small catalog in a moment, without files of the user's own."""
NEEDS_MORE = {
    "tokaudit laws --forget my-law": "a saved law",
    "tokaudit query supply -p by=source -p tokenizer=cl100k_base": "counts by that tokenizer, and gives no rows",
    "tokaudit supply --by language": "a label",
    "tokaudit tokenizers --tokenizer path/to/tokenizer.json": "the user's file",
    "tokaudit --catalog audit.duckdb status --json": "the user's catalog",
}


@pytest.mark.parametrize("width", [60, 80])
def test_the_help_lists_each_command_in_its_group(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = run("--help").out
    sections = shown.partition(f"\n{GROUPS[0]}:\n")[2]
    for group, following in zip(GROUPS, [*GROUPS[1:], None], strict=True):
        listed, _, sections = sections.partition(f"\n{following}:\n" if following else "\n\n`tokaudit COMMAND --help`")
        words = " ".join(listed.split())
        names = [name for name in COMMANDS.names() if COMMANDS.get(name).heading == group]
        assert words == " ".join(f"{name} {COMMANDS.get(name).summary}" for name in names)
        assert names
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize("name", EVERY)
def test_the_summary_of_a_command_is_one_short_sentence(name: str) -> None:
    summary = EVERY[name].summary

    assert summary[0].isupper()
    assert summary.endswith(".")
    assert len(summary.split()) <= 15


@pytest.mark.parametrize("name", ["", *EVERY])
def test_no_line_of_a_help_is_longer_than_80(run: Run, name: str) -> None:
    lines = run(*name.split(), "--help").out.splitlines()

    assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize("name", EVERY)
def test_the_help_of_a_command_ends_with_its_examples(run: Run, name: str) -> None:
    examples = EVERY[name].examples
    end = "".join(f"  {example}\n" for example in examples)

    assert examples
    assert run(*name.split(), "--help").out.endswith(f"\nExamples:\n{end}")


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_parses(name: str, example: str) -> None:
    program, *arguments = shlex.split(example)
    assert program == "tokaudit"
    at = arguments.index(name.partition(" ")[0])
    group = click.Command("tokaudit", params=list(common_options()))
    session = Session()
    assert group.make_context("tokaudit", arguments[:at], obj=session).args == []
    two = " ".join(arguments[at : at + 2])  # of a group
    words = two if two in EVERY else arguments[at]
    assert EVERY[words].make_context(words, arguments[at + len(words.split()) :], obj=session).args == []
    session.end(0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "example",
    [case.values[1] for case in EXAMPLES if case.values[0] in QUICK and case.values[1] not in NEEDS_MORE],
    ids=str,
)
def test_a_cheap_example_runs(run: Run, copy: Path, example: str) -> None:
    assert run("--catalog", copy, *shlex.split(example)[1:]).out


@pytest.mark.slow
def test_the_examples_with_files_run(run: Run) -> None:
    write_jsonl(Path("crawl/x.jsonl"), ["some text"])
    write_jsonl(Path("novels.jsonl"), ["a novel"], body=["a novel"])
    write_jsonl(Path("reviews.jsonl"), ["a review"], licence=["mit"])
    Path("src").mkdir()
    Path("src/a.py").write_text("print()\n")
    write_csv(Path("runs.csv"), scattered(count=15))
    for name in (
        "estimate",
        "ingest",
        "fit",
        "duplicates",
        "overlap",
        "errors",
        "retry",
        "resume",
        "verify",
        "forecast",
    ):
        for example in COMMANDS.get(name).examples:
            if "s3://" not in example and "isoflop" not in example and " - " not in example:
                run(*shlex.split(example)[1:])
    assert {row["source"] for row in run("status", "--json").json["rows"]} == {
        *("crawl", "my-code", "novels.jsonl", "reviews.jsonl"),
    }


@pytest.mark.parametrize("name", EVERY)
def test_the_help_of_an_option_is_a_sentence(name: str) -> None:
    helps = [option.help or "" for option in EVERY[name].params if isinstance(option, click.Option)]

    assert [text for text in helps if not (text[:1].isupper() and text.endswith(".") and len(text.split()) >= 2)] == []


@pytest.mark.parametrize(
    "arguments", [["--json", "mixtures"], ["mixtures", "--json"], ["--format", "csv", "mixtures", "--json"]]
)
def test_json_works_before_and_after_the_command(run: Run, arguments: list[str]) -> None:
    assert run(*arguments) == run("mixtures", "--format", "json")


@pytest.mark.parametrize("arguments", [["-V"], ["--version"], ["status", "-V"], ["plan", "--version"]])
def test_version_works_before_and_after_the_command(run: Run, arguments: list[str]) -> None:
    assert run(*arguments) == run("--version")
    assert run(*arguments).out.startswith("tokaudit, version ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("query select * from supply", "query: SQL must be one argument; put it in quotes"),
        ("plan --flops 1e24 --mixture web=0.5, code=0.5", "quote it: --mixture 'web=0.5, code=0.5'"),
        ("plan --flops 1e24 --mixture web=0.5 code=0.5", "quote it: --mixture web=0.5,code=0.5"),
        ("plan --supply=web=1T, code=1T --flops 1e24", "quote it: --supply 'web=1T, code=1T'"),
        ("plan --flops 1e24 --add web=1T , code=1T -q", "quote it: --add 'web=1T , code=1T'"),
        ("plan --flops 1e24 --max-epochs 4, code=2", "quote it: --max-epochs '4, code=2'"),
        ("ceilings --supply web=1T, code=1T", "quote it: --supply 'web=1T, code=1T'"),
        ("status web", "'web': unexpected argument"),
        ("query supply by=domain", "A parameter of a shipped query is given as -p KEY=VALUE"),
        ("plan 1e24", "plan: takes only options; give a budget such as --flops 1e24"),
        ("plan --gpu H100 SXM", "put a value of several words in quotes"),
        ("corpora The Pile", "corpora: shows one corpus at a time; put a name of several words in quotes"),
        ("compare web The Pile", "put a name of several words in quotes"),
        ("forget a b", "forget: removes one source at a time"),
        ("fit a.csv b.csv", "fit: takes one file"),
    ],
)
def test_surplus_arguments_say_what_to_quote(run: Run, arguments: str, message: str) -> None:
    (line,) = run(*arguments.split(), code=2).err.splitlines()

    assert message in line
    assert line.startswith("tokaudit: ")
    assert line.endswith(f"(see `tokaudit {arguments.partition(' ')[0]} --help`)")


@pytest.mark.parametrize(
    "call", ["--mixture 'web=0.5, code=0.5'", "--mixture web=0.5,code=0.5", "--max-epochs '4, code=2'"]
)
def test_a_quoted_list_is_accepted(run: Run, call: str) -> None:
    plan = run("plan", "--flops", "1e22", "--supply", "web=1T, code=1T", *shlex.split(call), "--json").json

    assert [row["domain"] for row in plan["domains"]] == ["code", "web"]


def test_names_with_a_hyphen_stay_whole_in_a_help(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = [run(*name.split(), "--help").out for name in EVERY]

    assert [line for text in shown for line in text.splitlines() if re.search(r"\w-$", line)] == []


def test_help_loads_no_package_but_click() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from tokaudit.cli.app import COMMANDS\n"
        "for name in COMMANDS.names(): COMMANDS.get(name)\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(loaded - set(sys.stdlib_module_names) - {'tokaudit', 'click'}))"
    )

    assert subprocess.check_output([sys.executable, "-c", script], text=True).split() == []


def test_help_loads_nothing_for_completion_or_errors() -> None:
    script = (
        "import sys\n"
        "from tokaudit.cli.app import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "late = 'click.shell_completion', 'shlex', 'tokaudit.cli.usage_errors'\n"
        "print('loaded:', *(name for name in late if name in sys.modules))"
    )

    assert subprocess.check_output([sys.executable, "-c", script], text=True).splitlines()[-1] == "loaded:"


def test_no_path_is_checked_before_the_command_runs() -> None:
    paths = [
        parameter.type
        for command in EVERY.values()
        for parameter in command.params
        if isinstance(parameter.type, click.Path)
    ]

    assert paths
    assert [path for path in paths if path.readable or path.exists] == []


@pytest.mark.slow
def test_quiet_silences_warnings_and_json_keeps_them(run: Run, counted: Counted) -> None:
    csv = write_csv(Path("runs.csv"), scattered(count=15))
    csv.write_text(csv.read_text() + "1e9,1e10,\n")
    for command in (
        ["fit", csv, "--draws", 0],
        ["runs", "--law", "hoffmann2022-approach3-rounded"],
        ["plan", "--flops", "1e24", "--format", "csv"],
        ["compare", "web", "FineWeb"],
        ["supply"],
        ["status"],
        ["stocks", "--format", "csv"],
    ):
        asked = ["--catalog", counted.catalog, *command]
        spoken, silent = run(*asked), run("-q", *asked)
        assert spoken.err.startswith("tokaudit: ")
        assert silent.err == ""
        assert silent.out == spoken.out
        said = run("-q", *asked, "--json").json
        assert "stocks" in command or said["warnings"] or said["runs_dropped"]
