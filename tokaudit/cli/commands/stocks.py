"""``tokaudit stocks``: published estimates of how much text exists."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_stock_domains
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_SHOWN: Final = ("stock", "domain", "adjusted", "value", "low", "high", "level", "unit", "year", "kind", "source")


@click.command(
    "stocks",
    cls=Command,
    group="Published",
    examples=(
        "tokaudit stocks",
        "tokaudit stocks --domain web --adjusted quality",
    ),
)
@click.option("--domain", metavar="NAME", help="Only estimates of this domain.", shell_complete=complete_stock_domains)
@click.option(
    "--adjusted",
    type=click.Choice(["raw", "quality", "repetition"]),
    help="Only estimates of all text (raw), of text good enough to train on (quality), or of its effective tokens"
    " when repeated (repetition).",
)
@click.pass_obj
def command(session: Session, domain: str | None, adjusted: str | None) -> None:
    """List published estimates of how much text exists, by domain.

    Estimates overlap and use different methods, so never add them up. `tokaudit forecast` compares one with demand.
    """
    from dataclasses import asdict, fields

    from tokaudit.catalog.reference.corpora import AS_OF, REGISTRY_AS_OF
    from tokaudit.catalog.reference.stocks import Stock, choose_stocks
    from tokaudit.core.units import format_count

    rows = [asdict(row) for row in choose_stocks(domain, adjusted)]
    words = dict.fromkeys(("value", "low", "high"), format_count)
    people = ForPeople(_SHOWN, words=words, prose=("source",), keep=("stock", "value"))
    session.say(f"published facts {AS_OF}; estimates overlap and use different methods, so never add them up")
    columns = [field.name for field in fields(Stock)]
    emit(session, Table(columns, rows, {"registry_as_of": REGISTRY_AS_OF}, people=people))


COMMAND: Final = command
