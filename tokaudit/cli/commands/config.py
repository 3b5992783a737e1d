"""``tokaudit config show``: the settings in use, and where each of them comes from."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "config",
    cls=Command,
    group="Manage",
    examples=("tokaudit config show", "tokaudit config show --origin"),
    required={"action": "write `tokaudit config show`"},
    surplus="config: takes only the word show",
)
@click.argument("action", type=click.Choice(["show"]), metavar="show")
@click.option("--origin", is_flag=True, help="Also show where each value comes from.")
@click.pass_context
def command(context: click.Context, /, action: str, origin: bool) -> None:  # noqa: ARG001 - the only one so far
    """Show the settings in use, and the sources and plans of the file.

    A setting comes from an option, from its variable TOKAUDIT_NAME, from the file tokaudit.toml, or it is the default,
    in this order. `tokaudit guide config` describes the file.
    """
    from tokaudit.cli.settings_in_use import settings_in_use, tables_in_use

    session = context.ensure_object(Session)
    found = {**settings_in_use(context), **tables_in_use(session)}
    columns = ("key", "value", "origin") if origin else ("key", "value")
    rows = [{"key": name, "value": each.plain(), "origin": each.place} for name, each in found.items()]
    people = ForPeople(rows=[{**row, "value": found[row["key"]].words()} for row in rows], keep=columns)
    shown = [{column: row[column] for column in columns} for row in rows]
    file = str(session.file.path) if session.file else None
    emit(session, Table(columns, shown, {"file": file}, people=people))


COMMAND: Final = command
