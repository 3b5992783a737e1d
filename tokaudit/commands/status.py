"""``tokaudit status``: what a catalog is and how it stands."""

from typing import Final

import click

from tokaudit.commands._emit import emit
from tokaudit.settings import Session


@click.command("status")
@click.pass_obj
def command(session: Session) -> None:
    """Show the sources of the catalog, its tokenizers, and whether its numbers are final."""
    from tokaudit import audit

    emit(session, audit.status(session.catalog))


COMMAND: Final = command
