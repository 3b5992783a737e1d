"""Settings: options whose values may also come from a variable ``TOKAUDIT_NAME`` or from ``tokaudit.toml``.

click has the order: the option, the variable, the file (as ``default_map``), the default. An option is a setting if it
has a variable, and has the same name in the file.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from tokaudit.cli.session import Session
from tokaudit.core.default_catalog import DEFAULT_CONFIG
from tokaudit.core.errors import TokauditError

_PREFIX: Final = "TOKAUDIT_"
_OTHERS: Final = frozenset(f"{_PREFIX}{name}" for name in ("CACHE", "CATALOG", "CONFIG", "REMOTE_PATIENCE", "TARGET"))
"""Variables that are no settings, or that every command knows."""
_ELSEWHERE: Final = (ParameterSource.ENVIRONMENT, ParameterSource.DEFAULT_MAP)


def setting(name: str) -> dict[str, Any]:
    """What makes the option with this parameter's name a setting."""
    return {"envvar": f"{_PREFIX}{name.upper()}", "show_envvar": True}


def is_setting(option: click.Parameter) -> bool:
    """Whether an option may come from the file."""
    return bool(option.envvar) and option.name != "config"


def use_file(context: click.Context, session: Session, named: Path | None) -> None:
    """Let the file of settings give the command's options their defaults.

    Args:
        context: of the command, before its options are processed.
        session: gets the file.
        named: the file that the user named; None: the one in the working directory, if there is one.

    Raises:
        InputError: the file can't be read.
        UsageError: the file has an unknown key or a wrong value.
    """
    if named is None and not os.path.lexists(DEFAULT_CONFIG):
        return
    from tokaudit.planning.audit_file.read import read_audit_file

    session.file = read_audit_file(named or Path(DEFAULT_CONFIG))
    found = session.file.settings
    context.default_map = {
        name: found[name] for option in context.command.params if is_setting(option) and (name := option.name) in found
    }


def origin(context: click.Context, option: click.Parameter) -> str:
    """Where the value of an option comes from: the option, ``$VARIABLE``, ``FILE:LINE`` or ``default``."""
    name, session = option.name or "", context.ensure_object(Session)
    source = context.get_parameter_source(name)
    if source is ParameterSource.ENVIRONMENT:
        return f"${option.envvar}"
    if source is ParameterSource.DEFAULT_MAP and session.file:
        return session.file.toml.place(name)
    return max(option.opts, key=len) if source is ParameterSource.COMMANDLINE else "default"


def from_elsewhere(context: click.Context) -> Iterator[tuple[str, str]]:
    """The names of the command's settings that come from a variable or from the file, and from where."""
    stated = context.ensure_object(Session).origins
    for option in filter(is_setting, context.command.params):
        name = option.name or ""
        place = stated.get(name) or origin(context, option)
        if context.get_parameter_source(name) in _ELSEWHERE and not place.startswith("-"):
            yield name, place


def unknown_variables() -> Iterator[str]:
    """A sentence for each variable that looks like a setting and is none: a misspelt one must not be passed over."""
    named = {name for name in os.environ if name.startswith(_PREFIX)} - _OTHERS
    if not named:
        return
    from tokaudit.core.name_matching import did_you_mean
    from tokaudit.planning.audit_file.schema import SETTINGS

    known = [f"{_PREFIX}{name.upper()}" for name in SETTINGS]
    for name in sorted(named.difference(known)):
        yield f"the variable {name} is not a setting{did_you_mean(name, known)}"


def add_origins(error: TokauditError, context: click.Context) -> None:
    """Add to the message which of the settings that it names come from a variable or from the file, and from where."""
    message = str(error)
    for name, place in from_elsewhere(context):
        option = f"--{name.removesuffix('s').replace('_', '-')}"
        value = context.params.get(name)
        if name == "catalog":
            shown = [str(context.ensure_object(Session).catalog)]
        else:
            shown = [repr(each) for each in (value if isinstance(value, tuple) else (value,))]
        if option in message or any(each in message for each in shown):
            error.args = (f"{message} ({name} is set by {place})",)
            return
