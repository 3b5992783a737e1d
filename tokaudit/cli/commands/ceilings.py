"""``tokaudit ceilings``: the largest compute-optimal run that each domain can feed."""

from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.plan_options import law_option, tokenizer_option
from tokaudit.cli.session import Session
from tokaudit.planning.defaults import SUPPLY_FORMS


@click.command("ceilings")
@click.option(
    "--supply", metavar=SUPPLY_FORMS, default="published", show_default=True, help="The unique tokens there are."
)
@law_option
@tokenizer_option
@click.pass_obj
def command(session: Session, supply: str, law: str, tokenizer: str | None) -> None:
    """Say how large a compute-optimal run each domain can feed by itself, once and four times over."""
    from dataclasses import asdict

    from tokaudit.core.units import format_count, format_power
    from tokaudit.planning.domain_ceilings import COLUMNS, FLOPS, TOKENS_AND_PARAMS, find_ceilings
    from tokaudit.reports.plan_words import supply_details
    from tokaudit.reports.protocol import ForPeople, Table

    found = find_ceilings(law, supply, tokenizer, session.catalog)
    people = ForPeople(
        words=dict.fromkeys(FLOPS, format_power) | dict.fromkeys(TOKENS_AND_PARAMS, format_count),
        keep=("domain", "tokens_unique", "flops_one_epoch", "params_one_epoch"),
        notes=supply_details(found.details, in_full=session.verbose),
    )
    table = Table(COLUMNS, found.rows, document=asdict(found), people=people)
    emit(session, table, after=[*found.sentences, *found.warnings])


COMMAND: Final = command
