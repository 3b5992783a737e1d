"""The options of a plan as JSON, and as the command that makes the plan anew."""

import shlex
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import orjson

from tokaudit.core.given_numbers import given_share
from tokaudit.planning.options import PlanOptions

_DEFAULT: Final = PlanOptions()


def given_options(options: PlanOptions) -> dict[str, Any]:
    """Name -> value of the options that were given; those of the budget are in ``budget``."""
    named = {field.name: getattr(options, field.name) for field in fields(options)}
    return {name: value for name, value in named.items() if not _is_default(name, value)}


def _is_default(name: str, value: Any) -> bool:
    """Whether an option was not given; a table can't be compared with anything."""
    default = getattr(_DEFAULT, name)
    return type(value) is type(default) and bool(value == default)


def options_document(options: PlanOptions) -> str:
    """The options that were given, as JSON. What JSON has no form for, such as a table, is text."""
    return orjson.dumps(given_options(options), default=str, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def options_of_document(document: str) -> PlanOptions:
    """The options that `options_document` wrote. Those that this version does not know are left out."""
    known = {field.name for field in fields(PlanOptions)}
    return PlanOptions(**{name: value for name, value in orjson.loads(document).items() if name in known})


def plan_command(options: PlanOptions, saved: str | None = None) -> str:
    """The call of ``tokaudit plan`` with these options, quoted for a shell.

    Some names of domains and stages can only be written in a file. Then it is the call that makes the plan of the file.

    Args:
        options: the options.
        saved: name of the saved plan that the call replaces; None: it saves none.
    """
    if saved and not _can_be_typed(options):
        return shlex.join(["tokaudit", "run", "--only", saved])
    words = ["tokaudit", "plan"]
    for name, value in options.budget.items():
        words += [f"--{name}", option_text(value)]
    for name, value in given_options(options).items():
        option = f"--{name.replace('_', '-')}"
        if name == "stages":
            words += [word for stage in value for word in ("--stage", stage_text(stage))]
        elif value is True:
            words.append(option)
        elif name != "budget":
            words += [option, option_text(value)]
    return shlex.join([*words, "--save", saved, "--force"] if saved else words)


def option_text(value: Any) -> str:
    """The value of an option as it is typed: Python takes numbers, mappings and sequences too."""
    if isinstance(value, Mapping):
        return ",".join(f"{name}={option_text(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(map(option_text, value))
    return "yes" if value is True else str(value)


def stage_text(stage: Any) -> str:
    """A stage as it is typed."""
    if not isinstance(stage, Mapping):
        return str(stage)
    size = f"{100 * given_share(stage['share']):.15g}%" if "share" in stage else stage["tokens"]
    return " ".join(map(option_text, (stage["stage"], size, stage["mixture"])))


def _can_be_typed(options: PlanOptions) -> bool:
    """Whether the names of domains and stages can be written in lists, as those of text always can."""
    stages = [stage for stage in options.stages if isinstance(stage, Mapping)]
    given = (options.mixture, options.supply, options.add, options.max_epochs, *(stage["mixture"] for stage in stages))
    domains = [name for numbers in given if isinstance(numbers, Mapping) for name in numbers]
    return all(stage["stage"].split() == [stage["stage"]] for stage in stages) and not any(
        set(",=") & set(name) or name != name.strip() for name in domains
    )
