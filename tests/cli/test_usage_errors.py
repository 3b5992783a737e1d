"""Wrong calls are one line in the program's own style, whatever click would say."""

import re

import click
import pytest
from made.commands import EVERY
from made.samples import Run

from tokaudit.cli.app import COMMANDS
from tokaudit.cli.corpus_options import NAME_A_DOMAIN
from tokaudit.ingesters.domains import INGESTERS

CORPUS = "CORPUS[/COMPONENT]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("status --frmat csv", "--frmat: unknown option; did you mean --format or --raw?"),
        ("--nope", "--nope: unknown option"),
        ("-q", "COMMAND: is required"),
        ("--format xml status", "--format: 'xml' is not one of 'csv', 'json', 'markdown', 'table'"),
        ("-x status", "-x: unknown option"),
        ("status --format", "--format: needs a value"),
        ("status --json=yes", "--json: takes no value"),
        ("status --format xml", "--format: 'xml' is not one of 'csv', 'json', 'markdown', 'table'"),
        ("duplicates --limit -1", "--limit: '-1' is not a whole number from 0 to 1,000,000,000,000"),
        ("query x --max-rows 1e22", "--max-rows: '1e22' is not a whole number from 0 to 1,000,000,000,000"),
        ("ingest x --domain web --workers 1M", "--workers: '1M' is not a whole number from 1 to 10,000"),
        ("duplicates --limit many", "--limit: 'many' is not a whole number from 0 to 1,000,000,000,000"),
        ("ingest x", f"--domain: is required; {NAME_A_DOMAIN}"),
        ("ingest --domain web", "PATH: is required; name files, folders, globs or URLs to count"),
        ("estimate --domain web", "PATH: is required; name files, folders, globs or URLs to estimate"),
        ("compare", "SOURCE: is required; name a source of the catalog; `tokaudit status` lists them"),
        ("compare web", f"{CORPUS}: is required; name a published corpus; `tokaudit corpora` lists them"),
        ("forget", "SOURCE: is required; name a source of the catalog; `tokaudit status` lists them"),
        ("flops --layers 2 --width 2 --heads 1", "--tokens: is required; tokens to train on, such as 1.4T"),
    ],
)
def test_a_wrong_call_is_one_line_with_a_pointer_to_the_help(run: Run, arguments: str, said: str) -> None:
    refused = run(*arguments.split(), code=2)
    name = arguments.partition(" ")[0]
    command = f"tokaudit {name}" if name in COMMANDS.names() else "tokaudit"

    assert refused.err == f"tokaudit: {said} (see `{command} --help`)\n"
    assert refused.out == ""


def test_a_missing_domain_names_those_with_an_ingester() -> None:
    assert all(name in NAME_A_DOMAIN for name in INGESTERS.names())


def test_a_misspelt_command_gets_a_suggestion(run: Run) -> None:
    assert "'suply'; did you mean 'supply'?" in run("suply", code=2).err


@pytest.mark.parametrize("name", EVERY)
def test_a_missing_parameter_says_what_to_give(run: Run, name: str) -> None:
    required = [parameter for parameter in EVERY[name].params if parameter.required]
    if not required:
        assert not run(*name.split(), "--help").err
        return
    said = run(*name.split(), code=2).err

    assert re.fullmatch(rf"tokaudit: \S+: is required; .+ \(see `tokaudit {name} --help`\)\n", said)


def test_without_a_command_the_help_is_printed(run: Run) -> None:
    assert run(code=2).err.startswith("Usage: tokaudit [OPTIONS] COMMAND")


def test_every_choice_is_a_word_that_can_be_typed() -> None:
    choices = [
        choice
        for command in EVERY.values()
        for option in command.params
        if isinstance(option.type, click.Choice)
        for choice in option.type.choices
    ]

    assert choices
    assert [choice for choice in choices if not re.fullmatch(r"[a-z-]+", choice)] == []
