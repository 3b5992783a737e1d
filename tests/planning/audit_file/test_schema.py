"""The keys of ``tokaudit.toml`` are the options of the commands."""

import tomllib

from made.command_options import own_options

from tokaudit.cli.app import COMMANDS
from tokaudit.cli.settings import is_setting
from tokaudit.planning.audit_file.schema import PLAN_KEYS, SETTINGS, SOURCE_KEYS

OF_THE_CALL = {
    "source",
    "groups",
    "engine",
    "ray_address",
    "work",
    "dry_run",
    "workers",
    "memory",
    "rows_in_catalog",
    "wait",
}
"""Options of ``ingest`` that a source has not: they are its name, or of the whole call."""
OUTPUTS = {"html", "markdown", "save", "force"}
"""Options of ``plan`` that say where the plan goes: a plan of a file is saved under its own name."""


def test_a_source_has_the_options_of_ingest() -> None:
    keys = {"tokenizers" if key == "tokenizer" else key for key in own_options("ingest")}

    assert set(SOURCE_KEYS) == (keys - OF_THE_CALL) | {"paths"}


def test_a_plan_has_the_options_of_plan() -> None:
    assert set(PLAN_KEYS) == set(own_options("plan")) - OUTPUTS


def test_the_settings_are_the_options_with_a_variable() -> None:
    options = [option for name in COMMANDS.names() for option in COMMANDS.get(name).params if is_setting(option)]

    assert {option.name for option in options} == set(SETTINGS)
    assert {(option.name, option.envvar) for option in options} == {
        (name, f"TOKAUDIT_{name.upper()}") for name in SETTINGS
    }


def test_the_example_of_every_kind_is_of_that_kind() -> None:
    for kind in {*SETTINGS.values(), *SOURCE_KEYS.values(), *PLAN_KEYS.values()}:
        assert kind.read(tomllib.loads(f"x = {kind.example}")["x"]) is not None, kind.what
