"""The options of a plan as JSON, and as the command that makes the plan anew."""

import shlex
from dataclasses import fields
from typing import Final

import orjson

from tokaudit.planning.options import PlanOptions

_DEFAULT: Final = PlanOptions()


def options_document(options: PlanOptions) -> str:
    """The options that were given, as JSON."""
    named = {field.name: getattr(options, field.name) for field in fields(options)}
    return orjson.dumps(
        {name: value for name, value in named.items() if value != getattr(_DEFAULT, name) and value != ()}
    ).decode()


def options_of_document(document: str) -> PlanOptions:
    """The options that `options_document` wrote. Those that this version does not know are left out."""
    known = {field.name for field in fields(PlanOptions)}
    return PlanOptions(**{name: value for name, value in orjson.loads(document).items() if name in known})


def plan_command(options: PlanOptions, saved: str | None = None) -> str:
    """The call of ``tokaudit plan`` with these options, quoted for a shell.

    Args:
        options: the options.
        saved: name of the saved plan that the call replaces; None: it saves none.
    """
    words = ["tokaudit", "plan"]
    for name, text in options.budget.items():
        words += [f"--{name}", text]
    for field in fields(options):
        value = getattr(options, field.name)
        option = f"--{field.name.replace('_', '-')}"
        if field.name == "stages":
            words += [word for stage in value for word in ("--stage", stage)]
        elif value is True:
            words.append(option)
        elif isinstance(value, str) and value != getattr(_DEFAULT, field.name):
            words += [option, value]
    return shlex.join([*words, "--save", saved, "--force"] if saved else words)
