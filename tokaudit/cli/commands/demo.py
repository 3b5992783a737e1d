"""``tokaudit demo``: count and plan on text that every machine with Python has."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

DEMO_CATALOG: Final = Path("tokaudit-demo.duckdb")


@click.command("demo", cls=Command, group="Count", examples=("tokaudit demo", "tokaudit demo --json"))
@click.pass_obj
def command(session: Session) -> None:
    """Count some of the Python code and documentation on this machine, then plan two runs.

    Takes some 10 seconds and needs no network. The catalog is tokaudit-demo.duckdb unless --catalog names another.
    """
    from tokaudit.cli.progress import show_progress

    catalog = session.named_catalog = session.named_catalog or DEMO_CATALOG
    with show_progress(session) as progress:
        from tokaudit.cli.demo import demo, document, what_it_says, what_was_counted

        done = demo(catalog, progress)
    supply = done.supply
    people = ForPeople(before=[what_was_counted(done)], after=what_it_says(done, catalog))
    table = Table(supply.columns, supply.rows, document=document(done, catalog), people=people)
    emit(session, table, after=supply.notes)


COMMAND: Final = command
