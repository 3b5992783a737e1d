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

    answer = answers.errors(session.catalog)
    codes = ", ".join(sorted({row["code"] for row in answer.rows}))
    notes = [f"`tokaudit explain CODE` gives cause and remedy (codes here: {codes})"] if codes else []
    emit_answer(session, answer, ForPeople(prose=("why",), keep=("path", "ordinal", "why"), notes=notes))


COMMAND: Final = command
