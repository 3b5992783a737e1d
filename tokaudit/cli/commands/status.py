"""``tokaudit status``: the sources of a catalog, and whether its numbers are final."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session


@click.command(
    "status",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit status",
        "tokaudit --catalog audit.duckdb status --json",
    ),
)
@click.pass_obj
def command(session: Session) -> None:
    """Show the sources of the catalog and whether its numbers are final."""
    from tokaudit.audit import answers

    emit_answer(session, answers.status(session.catalog))


COMMAND: Final = command
