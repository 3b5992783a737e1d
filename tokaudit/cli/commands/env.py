"""``tokaudit env``: versions and machine, for reports of faults."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "env", cls=Command, group="Manage", examples=("tokaudit env", "tokaudit env --json"), works_without_file=True
)
@click.pass_obj
def command(session: Session) -> None:
    """Show versions, machine and settings, for a report of a fault.

    Says which counter is used, how the catalog is stored, and which variables are set. Contains no secrets: the home
    folder is written as `~`, and passwords in addresses are left out.
    """
    from tokaudit.audit.environment import environment

    file = session.file_fault or (str(session.file.path) if session.file else None)
    rows = environment(session.catalog, file)
    emit(session, Table(("name", "value"), rows, people=ForPeople(prose=("value",))))


COMMAND: Final = command
