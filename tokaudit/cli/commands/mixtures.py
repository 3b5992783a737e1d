"""``tokaudit mixtures``: the mixtures that ``plan --mixture`` knows by name, and their domains."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("mixture", "domain", "share", "checked", "source")


@click.command(
    "mixtures",
    cls=Command,
    group="Published",
    examples=(
        "tokaudit mixtures",
        "tokaudit mixtures --format csv",
    ),
)
@click.pass_obj
def command(session: Session) -> None:
    """List the mixtures of published training runs.

    Shows the share of each domain; the shares of a mixture sum to 1.
    """
    from tokaudit.catalog.reference.mixtures import mixtures

    rows = [
        {"mixture": each.name, "domain": domain, "share": share, "checked": each.checked, "source": each.source}
        for each in mixtures()
        for domain, share in each.shares.items()
    ]
    people = ForPeople(prose=("source",), keep=("mixture", "domain", "share"))
    emit(session, Table(_COLUMNS, rows, people=people))


COMMAND: Final = command
