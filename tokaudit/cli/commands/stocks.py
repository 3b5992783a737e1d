"""``tokaudit stocks``: estimates of how much text there is at all."""

import sys
from dataclasses import asdict, fields
from typing import Final

import click

from tokaudit.cli.output import say
from tokaudit.cli.session import Session

_COLUMNS: Final = ("stock", "domain", "adjusted", "value", "low", "high", "level", "unit", "year", "kind", "source")
"""What is shown to people; programs get all."""


@click.command()
@click.option("--domain", metavar="NAME", help="Those of one domain.")
@click.option(
    "--adjusted",
    type=click.Choice(["raw", "quality", "repetition"]),
    help="Everything, what is good enough to train on, or that times what repeats are worth.",
)
@click.pass_obj
def stocks(session: Session, domain: str | None, adjusted: str | None) -> None:
    """List estimates of how much text there could be had, by domain: web, books, code, papers, platforms.

    They overlap and are made in different ways: never add them up. `forecast` sets one against demand.
    """
    from tokaudit.catalog.reference.stocks import Stock
    from tokaudit.catalog.reference.stocks import stocks as all_stocks
    from tokaudit.core.errors import UsageError
    from tokaudit.core.units import format_count
    from tokaudit.reports.rows import write_rows

    known = all_stocks()
    domains = sorted({row.domain for row in known})
    if domain is not None and domain not in domains:
        raise UsageError(f"--domain: no estimates for {domain!r} (known: {', '.join(domains)})")
    chosen = [row for row in known if domain in {None, row.domain} and adjusted in {None, row.adjusted}]
    say(session, "estimates overlap and are made in different ways: never add them up")
    columns = [field.name for field in fields(Stock)]
    shown = [asdict(row) for row in chosen]
    if session.format in ("table", "markdown"):
        columns = list(_COLUMNS)
        for row in shown:
            row |= {name: format_count(row[name]) for name in ("value", "low", "high")}
            row["year"] = str(row["year"])
    write_rows(shown, sys.stdout, session.format, columns=columns)


COMMAND: Final[click.Command] = stocks
