"""``tokaudit laws``: the scaling laws there are, what they count, where they hold, and their constants."""

from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session

_KEPT: Final = ("law", "params_counted")


@click.command("laws")
@click.option("--forget", "forgotten", metavar="NAME", help="Instead, take a law that 'fit --save' kept out.")
@click.pass_obj
def command(session: Session, forgotten: str | None) -> None:
    """List the scaling laws, published and fitted: source, what they count, where they hold, constants."""
    from tokaudit.laws.rows import law_rows
    from tokaudit.reports.protocol import ForPeople, Table

    if forgotten is not None:
        from tokaudit.laws.saved import forget_law

        forget_law(session.catalog, forgotten)
        session.say(f"forgot the law {forgotten} of {session.catalog}")
        return
    rows, columns, shown = law_rows(session.catalog)
    people = ForPeople(shown, words={"aliases": ", ".join}, prose=("source", "aliases"), keep=_KEPT)
    emit(session, Table(columns, rows, people=people))


COMMAND: Final = command
