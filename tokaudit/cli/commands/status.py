"""``tokaudit status``: what a catalog is and how it stands."""

from typing import Final

import click

from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session


@click.command("status")
@click.pass_obj
def command(session: Session) -> None:
    """Show the sources of the catalog, its tokenizers, and whether its numbers are final."""
    from tokaudit.audit import answers

    emit_answer(session, answers.status(session.catalog))


COMMAND: Final = command
