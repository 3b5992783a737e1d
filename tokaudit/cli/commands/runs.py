"""``tokaudit runs``: published training runs, and what limited each of them."""

import sys
from typing import Final

import click

from tokaudit.cli.commands.plan import DEFAULT_LAW
from tokaudit.cli.output import say
from tokaudit.cli.session import Session


@click.command()
@click.option("--law", "law_name", metavar="NAME", default=DEFAULT_LAW, show_default=True, help="A law.")
@click.pass_obj
def runs(session: Session, law_name: str) -> None:
    """Audit published training runs: was each short of tokens, of params, or of neither?"""
    from tokaudit.catalog.reference.known_runs import known_runs
    from tokaudit.laws.find import find_law
    from tokaudit.planning.published_runs import COLUMNS, MORE, audit_run
    from tokaudit.reports.rows import write_rows

    law, _ = find_law(law_name, session.catalog)
    rows = [audit_run(run, law) for run in known_runs()]
    warnings = list(law.metadata.warnings)
    judged = [row["extrapolated"] for row in rows if row["constraint"]]
    if any(judged):
        warnings.append(f"the law is extrapolated: {sum(judged)} of {len(judged)} runs lie outside of its fitted range")
    for warning in warnings:
        say(session, f"{law_name}: {warning}")
    for_people = session.format in ("table", "markdown")
    if for_people:
        for row in rows:
            row["warnings"] = "; ".join(row["warnings"])
    columns = COLUMNS if for_people else (*COLUMNS, *MORE)
    extra = {"law": law_name, "warnings": warnings}
    write_rows(rows, sys.stdout, session.format, columns=columns, extra=extra)


COMMAND: Final[click.Command] = runs
