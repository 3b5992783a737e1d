"""``tokaudit export``: the documents that count, and the others, as Parquet files."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_FILE: Final = click.Path(readable=False, path_type=Path)


@click.command(
    "export",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit export --kept kept.parquet",
        "tokaudit export --kept kept.parquet --dropped dropped.parquet --force",
    ),
)
@click.option("--kept", type=_FILE, metavar="FILE", help="Write the documents that count to this Parquet file.")
@click.option("--dropped", type=_FILE, metavar="FILE", help="Write the duplicates, each with its kept document.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
@click.pass_obj
def command(session: Session, kept: Path | None, dropped: Path | None, force: bool) -> None:
    """Write the documents that count, or the duplicates, to Parquet files.

    A row has the place of a document, its tokens, labels and group, but not its text. Duplicates are those of the whole
    catalog. `tokaudit guide duplicates` describes the columns, and shows how to filter a corpus by them.
    """
    from tokaudit.audit.export import COLUMNS, export

    done = export(session.catalog, kept, dropped, force=force)
    people = ForPeople(before=[done.summary()], keep=("export", "documents", "tokens"))
    emit(session, Table(COLUMNS, done.rows(), document=done.document(), people=people), done.warnings)


COMMAND: Final = command
