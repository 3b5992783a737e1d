"""Settings: an option, then a variable, then the file, then the default, for every setting and every command."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from made.commands import EVERY
from made.samples import Counted, Run

from tokaudit.cli.app import program
from tokaudit.cli.session import Session
from tokaudit.cli.settings import is_setting
from tokaudit.planning.audit_file.schema import SETTINGS

VALUES: dict[str, tuple[Any, Any, Any]] = {
    "catalog": ("option.duckdb", "variable.duckdb", "file.duckdb"),
    "format": ("json", "csv", "markdown"),
    "quiet": (True, False, True),
    "verbose": (True, False, True),
    "progress": ("json", "none", "json"),
    "tokenizers": (["a", "b"], ["c", "d"], ["e"]),
    "exclude": (["*.a"], ["*.b", "*.c"], ["*.d", "e f"]),
    "workers": (1, 2, 3),
    "memory": ("1GiB", "2GiB", "3GiB"),
    "engine": ("ray", "local", "ray"),
    "ray_address": ("a:1", "b:2", "c:3"),
    "work": ("a", "b", "c"),
    "rows_in_catalog": (0, 1, 2),
    "wait": ("1h", "2min", "30"),
    "on_bad_record": ("skip", "stop", "skip"),
    "tokenizer": ("a", "b", "c"),
    "law": ("a", "b", "c"),
    "mfu": ("0.1", "0.2", "0.3"),
}
"""The value that each setting gets from an option, from its variable and from the file."""

PLACES = ("option", "variable", "file", "default")


def test_every_setting_has_values_to_test() -> None:
    assert set(VALUES) == set(SETTINGS)


def takers(name: str) -> Iterator[tuple[str, click.Command, click.Option]]:
    """The commands that take a setting, and their option for it."""
    for each, command in EVERY.items():
        for option in () if isinstance(command, click.Group) else command.params:
            if isinstance(option, click.Option) and option.name == name and is_setting(option):
                yield each, command, option


def needed(command: click.Command) -> Iterator[str]:
    """The arguments that the command can't do without."""
    for parameter in command.params:
        if parameter.required and isinstance(parameter, click.Option):
            yield from (parameter.opts[0], "1")
        elif parameter.required:
            yield "show" if command.name == "config" else "1"


def on_the_command_line(option: click.Option, value: Any) -> list[str]:
    """The option with this value, as a user types it."""
    if value is True:
        return [option.opts[0]]
    return [word for each in (value if isinstance(value, list) else [value]) for word in (option.opts[0], str(each))]


def in_the_environment(value: Any) -> str:
    """The value as a variable has it."""
    return str(int(value)) if isinstance(value, bool) else " ".join(value) if isinstance(value, list) else str(value)


def value_in(name: str, words: str, arguments: list[str], before: list[str]) -> Any:
    """The value that a setting has in a call of a command.

    Args:
        name: the setting.
        words: the command.
        arguments: after the command.
        before: arguments before it.
    """
    session, command = Session(), EVERY[words]
    above = program.make_context("tokaudit", [*before, words], obj=session)
    try:
        if words != command.name:
            group, inner = words.split()
            above = EVERY[group].make_context(group, [inner], parent=above)
        context = command.make_context(command.name, arguments, parent=above)
    finally:
        session.end(0)
    if name in context.params:
        return context.params[name]
    return session.catalog if name == "catalog" else getattr(session, name)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(PLACES, 2)))
def test_the_first_of_option_variable_file_and_default_decides(
    monkeypatch: pytest.MonkeyPatch, name: str, first: str, second: str
) -> None:
    value = dict(zip(PLACES, VALUES[name], strict=False))
    if "variable" in (first, second):
        monkeypatch.setenv(f"TOKAUDIT_{name.upper()}", in_the_environment(value["variable"]))
    if "file" in (first, second):
        Path("tokaudit.toml").write_text(f"{name} = {json.dumps(value['file'])}\n")
    found = list(takers(name))
    expected = value[first]
    if name == "catalog":
        expected = Path(expected)
    elif isinstance(expected, list):
        expected = tuple(expected)

    assert found
    for each, command, option in found:
        typed = on_the_command_line(option, value["option"]) if first == "option" else []
        assert value_in(name, each, [*needed(command), *typed], []) == expected, each
        if any(each.name == name for each in program.params):  # a common option
            assert value_in(name, each, list(needed(command)), typed) == expected, each


@pytest.mark.parametrize("name", SETTINGS)
def test_the_help_of_each_option_names_its_variable(run: Run, name: str) -> None:
    for each, _, _ in takers(name):
        assert f"TOKAUDIT_{name.upper()}" in run(*each.split(), "--help").out


@pytest.mark.parametrize(
    ("name", "value", "call", "why"),
    [
        ("format", "xml", "status", "'xml' is not one of 'csv', 'json', 'markdown', 'table'"),
        ("quiet", "perhaps", "status", "'perhaps' is not true or false"),
        ("workers", "0", "retry", "'0' is not a whole number from 1 to 10,000"),
        ("on_bad_record", "halt", "ingest x --domain web", "'halt' is not one of 'stop', 'skip'"),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, call: str, why: str
) -> None:
    monkeypatch.setenv(f"TOKAUDIT_{name.upper()}", value)

    assert run(*call.split(), code=2).err.startswith(f"tokaudit: $TOKAUDIT_{name.upper()}: {why}")


@pytest.mark.parametrize(
    ("name", "value", "call", "code"),
    [
        ("memory", "8", "retry", 2),
        ("law", "nobody2030", "plan --flops 1e22 --supply web=1T", 2),
        ("mfu", "7", "plan --gpu h100-sxm --gpus 8 --days 3 --supply web=1T", 2),
        ("tokenizer", "unheard", "plan --flops 1e22 --supply web=1T", 2),
        ("catalog", "nowhere.duckdb", "status", 4),
    ],
)
def test_an_error_says_where_the_value_that_it_names_comes_from(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, call: str, code: int
) -> None:
    monkeypatch.setenv(f"TOKAUDIT_{name.upper()}", value)

    assert run(*call.split(), code=code).err.endswith(f" ({name} is set by $TOKAUDIT_{name.upper()})\n")


def test_a_wrong_value_in_the_file_is_refused_with_its_line(run: Run) -> None:
    Path("tokaudit.toml").write_text('# settings\nlaw = "nobody2030"\nformat = "xml"\n')

    assert run("runs", code=2).err.startswith("tokaudit: tokaudit.toml:3: format: 'xml' is not one of")
    assert run("runs", "--format", "json", code=2).err.endswith(" (law is set by tokaudit.toml:2)\n")
    assert run("runs", "--format", "json", "--law", "besiroglu2024").json["law"] == "besiroglu2024"


@pytest.mark.parametrize("call", [["--json", "mixtures"], ["mixtures", "--json"]])
def test_json_is_an_option_and_wins_over_variable_and_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, call: list[str]
) -> None:
    Path("tokaudit.toml").write_text('format = "csv"\n')
    assert run(*call).json["rows"]
    monkeypatch.setenv("TOKAUDIT_FORMAT", "markdown")
    assert run(*call).json["rows"]


def test_the_hardware_s_share_is_ignored_without_hardware(run: Run) -> None:
    call = "plan --supply web=1T --json -q".split()
    alone, hardware = run(*call, "--flops", "1e22"), ["--gpu", "h100-sxm", "--gpus", "8", "--days", "3"]
    Path("tokaudit.toml").write_text("mfu = 0.2\n")

    assert run(*call, "--flops", "1e22") == alone
    assert run(*call, *hardware) == run(*call, *hardware, "--mfu", "0.2", "--config", "/dev/null")
    assert "--mfu: also needs --gpu NAME" in run(*call, "--flops", "1e22", "--mfu", "0.2", code=2).err


def test_options_of_the_same_name_that_are_no_settings_ignore_them(run: Run) -> None:
    Path("tokaudit.toml").write_text('tokenizer = "unheard"\n')

    assert len(run("tokenizers", "--json").json["rows"]) > 1


def test_a_misspelt_variable_is_not_passed_over(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_TOKENISER", "qwen3")
    monkeypatch.setenv("TOKAUDIT_LAW", "porian2024")
    note = "tokaudit: the variable TOKAUDIT_TOKENISER is not a setting; did you mean 'TOKAUDIT_TOKENIZER'?\n"

    assert run("mixtures").err == note
    assert run("mixtures", "-q").err == ""


def test_a_file_in_a_folder_above_is_not_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("tokaudit.toml").write_text("nonsense")
    Path("below").mkdir()
    monkeypatch.chdir("below")

    assert run("mixtures").out


def test_another_file_can_be_named_before_and_after_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("tokaudit.toml").write_text("nonsense")
    Path("a.toml").write_text('format = "csv"\n')
    Path("b.toml").write_text('format = "json"\n')
    monkeypatch.setenv("TOKAUDIT_CONFIG", "a.toml")
    csv = run("mixtures").out

    assert csv.startswith("mixture,")
    assert run("mixtures", "--config", "b.toml").json["rows"]
    assert run("--config", "b.toml", "mixtures").json["rows"]
    assert run("--config", "b.toml", "mixtures", "--config", "a.toml").out == csv
    assert run("mixtures", "--config", "/dev/null", "--format", "csv").out == csv
    assert "c.toml: can't be read: No such file" in run("mixtures", "--config", "c.toml", code=3).err


def test_a_faulty_file_stops_all_but_the_commands_that_help(run: Run) -> None:
    Path("tokaudit.toml").write_text("workers = 0\n")
    why = "tokaudit.toml:1: workers: 0 must be a whole number from 1 to 10,000, such as 40"

    assert run("mixtures", code=2).err == f"tokaudit: {why}\n"
    assert run("guide", "config").err == f"tokaudit: the file of settings is not used: {why}\n"
    assert run("mixtures", "--help").out
    assert why in run("env").out


def test_verbose_names_the_settings_from_elsewhere(run: Run, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("tokaudit.toml").write_text('law = "besiroglu2024"\nworkers = 3\n')
    monkeypatch.setenv("TOKAUDIT_CATALOG", str(counted.catalog))
    said = run("ceilings", "-v", "--supply", "web=1T").err

    assert "settings from a variable or a file: law (tokaudit.toml:1), catalog ($TOKAUDIT_CATALOG)\n" in said
    assert "settings from" not in run("ceilings", "--supply", "web=1T").err
    assert (
        "settings from" not in run("ceilings", "-v", "--law", "porian2024", "--catalog", "x", "--supply", "web=1T").err
    )


def test_advice_names_the_file_of_the_call(run: Run) -> None:
    Path("a.toml").write_text('catalog = "none.duckdb"\n')

    assert "`tokaudit ingest --config a.toml`" in run("status", "--config", "a.toml", code=4).err
