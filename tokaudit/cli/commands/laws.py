"""``tokaudit laws``: the scaling laws, what they count, where they are valid, and their constants."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_laws
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_KEPT: Final = ("law", "params_counted")


@click.command(
    "laws",
    cls=Command,
    group="Published",
    examples=(
        "tokaudit laws",
        "tokaudit laws --format csv",
        "tokaudit laws --forget my-law",
    ),
)
@click.option(
    "--forget",
    "forgotten",
    metavar="NAME",
    help="Instead, remove a law that `tokaudit fit --save` saved.",
    shell_complete=complete_laws,
)
@click.pass_obj
def command(session: Session, forgotten: str | None) -> None:
    """List the scaling laws, published and saved.

    Shows their source, what they count, where they are valid, and their constants.
    """
    from tokaudit.laws.rows import law_rows

    if forgotten is not None:
        from tokaudit.laws.saved import forget_law

        forget_law(session.catalog, forgotten)
        session.say(f"removed the law {forgotten} from {session.catalog}")
        return
    rows, columns, shown = law_rows(session.catalog)
    people = ForPeople(shown, words={"aliases": ", ".join}, prose=("source", "aliases"), keep=_KEPT)
    emit(session, Table(columns, rows, people=people))


COMMAND: Final = command
