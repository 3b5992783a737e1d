"""``tokaudit forget``: remove a source from the catalog."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_sources
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
from tokaudit.reports.protocol import Table


@click.command(
    "forget",
    cls=Command,
    group="Manage",
    examples=("tokaudit forget old-crawl",),
    required={"source": "name a source of the catalog; `tokaudit status` lists them"},
    surplus="forget: removes one source at a time; put a name of several words in quotes",
)
@click.argument("source", shell_complete=complete_sources)
@wait_option
@click.pass_obj
def command(session: Session, source: str, wait: str) -> None:
    """Remove a source from the catalog.

    The numbers are then as if it had never been counted.
    """
    with show_patient_progress(session, wait) as progress:
        from tokaudit.pipeline.forget import forget

        result = forget(session.catalog, source, progress.note)
    emit(session, Table(tuple(result), [result], document=result))


COMMAND: Final = command
