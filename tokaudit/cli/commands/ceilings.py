"""``tokaudit ceilings``: the largest compute-optimal run that each domain can feed."""

import sys
from typing import Final

import click

from tokaudit.cli.commands.plan import DEFAULT_LAW, SUPPLY_FORMS
from tokaudit.cli.output import say
from tokaudit.cli.session import Session


@click.command()
@click.option(
    "--supply", metavar=SUPPLY_FORMS, default="published", show_default=True, help="The unique tokens there are."
)
@click.option("--law", "law_name", metavar="NAME", default=DEFAULT_LAW, show_default=True, help="A law.")
@click.option(
    "--tokenizer", metavar="NAME", help="Whose tokens the supply has [default: the catalog's first, or the law's]."
)
@click.pass_obj
def ceilings(session: Session, supply: str, law_name: str, tokenizer: str | None) -> None:
    """Say how large a compute-optimal run each domain can feed by itself, once and four times over."""
    from tokaudit.catalog.reference.token_rates import token_rates
    from tokaudit.laws.find import find_law
    from tokaudit.planning.domain_ceilings import COLUMNS, ceilings, code_beside_web
    from tokaudit.reports.rows import write_rows
    from tokaudit.supply.resolve import find_supply

    law, _ = find_law(law_name, session.catalog)
    found = find_supply(supply, session.catalog, tokenizer, law.metadata.tokenizer)
    rows = ceilings(law, found, token_rates())
    sentences = list(code_beside_web(rows))
    warnings = [*law.metadata.warnings, *found.warnings]
    for_people = session.format in ("table", "markdown")
    extra = {
        "law": law_name,
        "supply": found.origin,
        "tokenizer": law.metadata.tokenizer,
        "sentences": sentences,
        "warnings": list(warnings),
        "details": found.details,
    }
    if for_people:
        rows = [
            {name: _shown(name, value) if isinstance(value, float) else value for name, value in row.items()}
            for row in rows
        ]
    write_rows(rows, sys.stdout, session.format, columns=COLUMNS, extra=extra)
    for sentence in sentences:
        say(session, sentence)
    if for_people and found.details:
        warnings += found.details if session.verbose else ["-v says how each number of the supply is known"]
    for warning in warnings:
        say(session, warning)


def _shown(name: str, value: float) -> str:
    from tokaudit.core.units import format_count, format_power

    return format_power(value) if name.startswith("flops") else format_count(value)


COMMAND: Final[click.Command] = ceilings
