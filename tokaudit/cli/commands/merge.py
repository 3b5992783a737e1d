"""``tokaudit merge``: bring catalogs that were counted apart into one."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import rows_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "merge",
    cls=Command,
    group="Manage",
    examples=(
        "tokaudit merge monday.duckdb tuesday.duckdb --catalog week.duckdb",
        "tokaudit merge other.duckdb --json",
    ),
    required={"catalogs": "name the catalogs to add; --catalog names the one that they are added to"},
)
@click.argument("catalogs", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@rows_options
@wait_option
@click.pass_obj
def command(session: Session, /, catalogs: tuple[Path, ...], *, rows_in_catalog: int, wait: str) -> None:
    """Bring catalogs that were counted apart into this one.

    The numbers are then as if all had been counted in it. The named catalogs are only read. No text is read again but
    those that may be near-duplicates across catalogs.
    """
    with show_patient_progress(session, wait) as progress:
        from tokaudit.pipeline.merge import COLUMNS, merge

        result = merge(session.catalog, catalogs, progress.note, rows_in_catalog)
    people = ForPeople(keep=("catalog", "documents"))
    emit(session, Table(COLUMNS, result.rows(), document=result.document(), people=people), after=result.notes)


COMMAND: Final = command
