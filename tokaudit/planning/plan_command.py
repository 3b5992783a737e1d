"""The options of a plan as JSON, and as the command that makes the plan anew."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import fields
from numbers import Integral, Real
from typing import Any, Final

import orjson

from tokaudit.core.given_numbers import given_share
from tokaudit.core.table_rows import given_table, is_missing, is_table
from tokaudit.planning.options import PlanOptions
from tokaudit.supply.resolve import counted_in
from tokaudit.supply.stated import BOUNDS

_DEFAULT: Final = PlanOptions()
_LARGE: Final = 2**63
_FILE: Final = "FILE.csv"
"""A supply that can't be typed: a table with bounds, or with domains whose names part a list."""


def given_options(options: PlanOptions) -> dict[str, Any]:
    """Name -> value of the options that were given; those of the budget are in ``budget``."""
    named = {field.name: getattr(options, field.name) for field in fields(options)}
    return {name: value for name, value in named.items() if not _is_default(name, value)}


def _is_default(name: str, value: Any) -> bool:
    """Whether an option was not given; a table can't be compared with anything."""
    default = getattr(_DEFAULT, name)
    return type(value) is type(default) and bool(value == default)


def options_document(options: PlanOptions) -> str:
    """The options that were given, as JSON; a table is a list of its rows."""
    given = given_options(options)
    if options.tokenizer is None and (name := counted_in(options.supply)):
        given["tokenizer"] = name
    return orjson.dumps(_plain(given)).decode()


def _plain(value: Any) -> Any:
    """A value of Python as JSON has it, in a form that `plan_request` takes again."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if is_table(value):
        value = list(given_table(value, "table").named())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bool) or is_missing(value):
        return value if isinstance(value, bool | str) else None
    if isinstance(value, Integral):  # JSON has none of more than 64 bits, such as 10**24
        number = int(value)
        return number if abs(number) < _LARGE else float(number)
    return float(value) if isinstance(value, Real) else str(value)


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
    if saved and not _names_can_be_typed(options):
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
            words += [option, _FILE if name == "supply" and not _supply_can_be_typed(value) else option_text(value)]
    return shlex.join([*words, "--save", saved, "--force"] if saved else words)


def _supply_can_be_typed(supply: Any) -> bool:
    """Whether a supply is a text that ``--supply`` takes."""
    if not is_table(supply):
        return not isinstance(supply, Mapping) or not any(map(_parts_a_list, supply))
    rows = list(given_table(supply, "table").named())
    bounded = any(not is_missing(row.get(column)) for row in rows for column in BOUNDS)
    return not bounded and not any(map(_parts_a_list, _numbers(rows)))


def _names_can_be_typed(options: PlanOptions) -> bool:
    """Whether the names of domains and stages can be written in lists, as those of text always can."""
    stages = [stage for stage in options.stages if isinstance(stage, Mapping)]
    given = (options.mixture, options.supply, options.add, options.max_epochs, *(stage["mixture"] for stage in stages))
    domains = [name for numbers in given if isinstance(numbers, Mapping) for name in numbers]
    return all(stage["stage"].split() == [stage["stage"]] for stage in stages) and not any(map(_parts_a_list, domains))


def _parts_a_list(name: Any) -> bool:
    """Whether the name of a domain would be read otherwise in a list such as ``web=2T,code=400B``."""
    text = str(name)
    return bool(set(",=") & set(text)) or text != text.strip()


def _numbers(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Domain -> unique tokens in the rows of a table."""
    return {str(row["domain"]): row["tokens_unique"] for row in rows}


def option_text(value: Any) -> str:
    """The value of an option as it is typed: Python takes numbers, mappings, sequences and tables too."""
    if is_table(value) and not isinstance(value, tuple):  # of a supply
        value = _numbers(given_table(value, "table").named())
    if isinstance(value, Mapping):
        return ",".join(f"{name}={option_text(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ",".join(map(option_text, value))
    return "yes" if value is True else str(value)


def stage_text(stage: Any) -> str:
    """A stage as it is typed."""
    if not isinstance(stage, Mapping):
        return str(stage)
    share = stage.get("share")
    size = stage.get("tokens") if share is None else f"{100 * given_share(share):.15g}%"
    return " ".join(map(option_text, (stage["stage"], size, stage["mixture"])))
