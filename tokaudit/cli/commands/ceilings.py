"""``tokaudit ceilings``: the largest compute-optimal run that each domain can feed."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.plan_options import law_option, supply_option, tokenizer_option
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "ceilings",
    cls=Command,
    group="Plan",
    examples=(
        "tokaudit ceilings",
        "tokaudit ceilings --supply web=15T,books=500B --law hoffmann2022-approach3",
    ),
)
@supply_option(default="published", show_default=True)
@law_option
@tokenizer_option
@click.pass_obj
def command(session: Session, supply: str, law: str, tokenizer: str | None) -> None:
    """Show the largest compute-optimal run that each domain can feed alone.

    Shows the run for one epoch of the domain and for four.
    """
    from dataclasses import asdict

    from tokaudit.core.units import format_count, format_power
    from tokaudit.planning.domain_ceilings import COLUMNS, FLOPS, TOKENS_AND_PARAMS, find_ceilings
    from tokaudit.reports.plan_words import supply_details

    found = find_ceilings(law, supply, tokenizer, session.catalog)
    people = ForPeople(
        words=dict.fromkeys(FLOPS, format_power)
        | dict.fromkeys(TOKENS_AND_PARAMS, format_count)
        | {"counted": lambda counted: (counted or "-").rpartition(", ")[2]},  # the most duplicates that are left in
        keep=("domain", "tokens_unique", "flops_one_epoch", "params_one_epoch"),
        notes=supply_details(found.details, in_full=session.verbose),
    )
    table = Table(COLUMNS, found.rows, document=asdict(found), people=people)
    emit(session, table, after=[*found.sentences, *found.warnings])


COMMAND: Final = command
