"""``tokaudit runs``: published training runs, and what limited each of them."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.plan_options import law_option
from tokaudit.cli.session import Session


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

    Each was short of tokens, of parameters, or of neither.
    """
    from tokaudit.laws.find import find_law
    from tokaudit.planning.published_runs import COLUMNS, MORE, audit_runs
    from tokaudit.reports.protocol import ForPeople, Table

    rows, warnings = audit_runs(find_law(law, session.catalog)[0])
    people = ForPeople(COLUMNS, words={"warnings": "; ".join})
    extra = {"law": law, "warnings": warnings}
    emit(session, Table((*COLUMNS, *MORE), rows, extra, people=people), [f"{law}: {warning}" for warning in warnings])


COMMAND: Final = command
