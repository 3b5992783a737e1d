"""``tokaudit runs``: published training runs, and what limited each of them."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.plan_options import law_option
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_COUNTS: Final = ("params", "tokens", "params_optimal", "tokens_optimal", "implied_inference_tokens")
_KEPT: Final = ("run", "params", "tokens", "constraint", "certainty")


@click.command(
    "runs",
    cls=Command,
    group="Published",
    examples=(
        "tokaudit runs",
        "tokaudit runs --law hoffmann2022-approach3 --format csv",
    ),
)
@law_option
@click.pass_obj
def command(session: Session, law: str) -> None:
    """Show what limited each published training run.

    Each was short of tokens, of parameters, or of neither. Also says how certain that is: by the law's draws and by the
    votes of other laws.
    """
    from tokaudit.core.units import format_count, format_power
    from tokaudit.laws.find import asked_laws, find_law
    from tokaudit.planning.published_runs import COLUMNS, MORE, Asked, audit_runs, disagreement

    found = find_law(law, session.catalog)
    asked = Asked({**asked_laws(), found.name: found.law}, found.draws)
    rows, warnings = audit_runs(found.law, asked)
    people = ForPeople(
        COLUMNS,
        words={**dict.fromkeys(_COUNTS, format_count), "flops": format_power, "warnings": "; ".join},
        prose=("warnings",),
        keep=_KEPT,
    )
    extra = {"law": found.name, "warnings": [*found.notes, *warnings], "disagreement": disagreement(rows, asked)}
    notes = [*found.notes, *(f"{found.name}: {warning}" for warning in warnings)]
    emit(session, Table((*COLUMNS, *MORE), rows, extra, people=people), notes)


COMMAND: Final = command
