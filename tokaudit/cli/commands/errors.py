"""``tokaudit errors``: the records and files that could not be counted."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command(
    "errors",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit errors",
        "tokaudit errors --format csv",
    ),
)
@click.pass_obj
def command(session: Session) -> None:
    """List the records and files that could not be counted, with the reason."""
    from tokaudit.audit import answers

    people = ForPeople(prose=("why",), keep=("path", "ordinal", "why"))
    emit_answer(session, answers.errors(session.catalog), people)


COMMAND: Final = command
