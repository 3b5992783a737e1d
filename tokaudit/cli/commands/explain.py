"""``tokaudit explain``: what a code of a bad record means, how it comes about, and what to do."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_codes
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("code", "of", "meaning", "cause", "remedy", "incomplete")


@click.command(
    "explain",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit explain",
        "tokaudit explain encoding",
    ),
    surplus="explain: explains one code at a time; without a code, it explains all",
)
@click.argument("code", required=False, shell_complete=complete_codes)
@click.pass_obj
def command(session: Session, code: str | None) -> None:
    """Explain a code of a bad record, or a rule that leaves out files.

    Shows what it means, how it comes about, and what to do. Without CODE, all are explained.
    """
    from tokaudit.audit.explain import explain

    people = ForPeople(prose=("meaning", "cause", "remedy"), keep=("code", "meaning", "remedy"))
    emit(session, Table(_COLUMNS, explain(code), people=people))


COMMAND: Final = command
