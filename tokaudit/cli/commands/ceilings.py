"""``tokaudit ceilings``: the largest compute-optimal run that each domain can feed."""

from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.plan_options import law_option, tokenizer_option
from tokaudit.cli.session import Session
from tokaudit.planning.defaults import SUPPLY_FORMS


@click.command()
@click.option(
    "--supply", metavar=SUPPLY_FORMS, default="published", show_default=True, help="The unique tokens there are."
)
@law_option
@tokenizer_option
@click.pass_obj
def ceilings(session: Session, supply: str, law: str, tokenizer: str | None) -> None:
    """Say how large a compute-optimal run each domain can feed by itself, once and four times over."""
    from tokaudit.catalog.reference.token_rates import token_rates
    from tokaudit.core.units import format_count, format_power
    from tokaudit.laws.find import find_law
    from tokaudit.planning.domain_ceilings import COLUMNS, FLOPS, TOKENS_AND_PARAMS, ceilings, code_beside_web
    from tokaudit.reports.protocol import ForPeople, Table
    from tokaudit.supply.resolve import find_supply

    found, _ = find_law(law, session.catalog)
    available = find_supply(supply, session.catalog, tokenizer, found.metadata.tokenizer)
    rows = ceilings(found, available, token_rates())
    sentences = list(code_beside_web(rows))
    warnings = [*found.metadata.warnings, *available.warnings]
    extra = {
        "law": law,
        "supply": available.origin,
        "tokenizer": found.metadata.tokenizer,
        "sentences": sentences,
        "warnings": warnings,
        "details": available.details,
    }
    hint = ("-v says how each number of the supply is known",) if available.details else ()
    people = ForPeople(
        words=dict.fromkeys(FLOPS, format_power) | dict.fromkeys(TOKENS_AND_PARAMS, format_count),
        notes=available.details if session.verbose else hint,
    )
    emit(session, Table(COLUMNS, rows, extra, people=people), [*sentences, *warnings])


COMMAND: Final[click.Command] = ceilings
