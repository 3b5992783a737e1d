"""The values that all settings have in this call, whichever commands take them, and where each comes from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from tokaudit.cli.app import COMMANDS
from tokaudit.cli.common_options import common_options
from tokaudit.cli.session import Session
from tokaudit.cli.settings import is_setting, origin

_OWNERS: Final = ("ingest", "plan")
"""Commands that together take all settings."""


class InUse(NamedTuple):
    """A setting in this call.

    Attributes:
        value: the value; None or empty where the default is not a single value.
        place: ``--option``, ``$VARIABLE``, ``FILE:LINE`` or ``default``.
        default: the default in words.
    """

    value: Any
    place: str
    default: str | None = None

    def plain(self) -> Any:
        """The value as JSON has it."""
        if isinstance(self.value, tuple):
            return list(self.value)
        return str(self.value) if isinstance(self.value, Path) else self.value

    def words(self) -> str | None:
        """The value as people read it; None if there is none, and no default in words."""
        return self.default if self.value is None or self.value == () else _words(self.value)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={_words(each)}" for name, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_words, value))
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def tables_in_use(session: Session) -> dict[str, InUse]:
    """``sources.NAME.KEY`` and ``plans.NAME.KEY`` -> value, of all sources and plans of the file."""
    if session.file is None:
        return {}
    return {
        f"{section}.{name}.{key}": InUse(value, session.file.toml.place(section, name, key))
        for section, tables in (("sources", session.file.sources), ("plans", session.file.plans))
        for name, table in tables.items()
        for key, value in table.items()
    }


def settings_in_use(context: click.Context) -> dict[str, InUse]:
    """Name -> setting, of all settings; those of the command itself with its options.

    Raises:
        click.UsageError: a variable or the file has a wrong value.
    """
    session = context.ensure_object(Session)
    found = {}
    for option in filter(is_setting, common_options()):
        name = option.name or ""
        value = session.catalog if name == "catalog" else getattr(session, name)
        found[name] = InUse(value, session.origins.get(name, "default"))
    for owner in _OWNERS:
        options = [each for each in filter(is_setting, COMMANDS.get(owner).params) if each.name not in found]
        missing = [option for option in options if option.name not in context.params]
        # click finds their values: these are options of another command, here without a command line.
        others = click.Command(owner, params=missing)
        defaults = dict(session.file.settings) if session.file else {}
        asked = others.make_context(owner, [], parent=context, default_map=defaults)
        for each in options:
            name, of = each.name or "", asked if each in missing else context
            shown = getattr(each, "show_default", None)
            found[name] = InUse(of.params[name], origin(of, each), shown if isinstance(shown, str) else None)
    return found
