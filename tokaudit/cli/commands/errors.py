"""``tokaudit errors``: what could not be read."""

from typing import Final

import click

from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session


@click.command("errors")
@click.pass_obj
def command(session: Session) -> None:
    """List the records and files that could not be counted, with place and reason."""
    from tokaudit.audit import answers

    emit_answer(session, answers.errors(session.catalog))


COMMAND: Final = command
