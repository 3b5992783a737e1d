"""``tokaudit stocks``: estimates of how much text there is at all."""

from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session

_SHOWN: Final = ("stock", "domain", "adjusted", "value", "low", "high", "level", "unit", "year", "kind", "source")


@click.command("stocks")
@click.option("--domain", metavar="NAME", help="Those of one domain.")
@click.option(
    "--adjusted",
    type=click.Choice(["raw", "quality", "repetition"]),
    help="Everything, what is good enough to train on, or that times what repeats are worth.",
)
@click.pass_obj
def command(session: Session, domain: str | None, adjusted: str | None) -> None:
    """List estimates of how much text there could be had, by domain: web, books, code, papers, platforms.

    They overlap and are made in different ways: never add them up. `forecast` sets one against demand.
    """
    from dataclasses import asdict, fields

    from tokaudit.catalog.reference.stocks import Stock, choose_stocks
    from tokaudit.core.units import format_count
    from tokaudit.reports.protocol import ForPeople, Table

    rows = [asdict(row) for row in choose_stocks(domain, adjusted)]
    words = dict.fromkeys(("value", "low", "high"), format_count)
    people = ForPeople(_SHOWN, words=words, prose=("source",), keep=("stock", "value"))
    session.say("estimates overlap and are made in different ways: never add them up")
    emit(session, Table([field.name for field in fields(Stock)], rows, people=people))


COMMAND: Final = command
