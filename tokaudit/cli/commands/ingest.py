"""``tokaudit ingest``: count files into the catalog."""

import sys
from typing import Any, Final

import click

from tokaudit.cli.corpus_options import corpus_options, ingest_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.core.units import parse_pairs

_PREVIEW: Final = ("path", "reader", "bytes", "left_out")


@click.command("ingest")
@corpus_options
@click.option("--label", "labels", multiple=True, metavar="NAME=FIELD", help="Keep a field of each document.")
@click.option(
    "--on-bad-record",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="Refuse the file of a record that can't be read, or note the record and go on.",
)
@click.option("--engine", type=click.Choice(["local"]), default="local", show_default=True, help="What does the work.")
@click.option("--dry-run", is_flag=True, help="Show what would be counted, and count nothing.")
@click.pass_obj
def command(
    session: Session, /, *, labels: tuple[str, ...], on_bad_record: str, engine: str, dry_run: bool, **corpus: Any
) -> None:
    """Count what lies at each PATH (files, folders, globs, URLs) into the catalog.

    Files that are in it already are not read again; changed ones replace their rows.
    """
    from tokaudit.cli.progress import ProgressReport
    from tokaudit.reports.protocol import Table

    fields = parse_pairs(labels, "--label", "NAME=FIELD")
    with ProgressReport(quiet=session.quiet) as progress:
        from tokaudit.pipeline.options import ingest_request, preview

        options = ingest_options(corpus, labels=fields, skip_bad=on_bad_record == "skip", engine=engine)
        if not dry_run:
            from tokaudit.pipeline.ingest import ingest

            result = ingest(session.catalog, ingest_request(options, progress.note), progress)
        else:
            found = preview(options, progress.note)
    if dry_run:
        emit(session, Table(_PREVIEW, found))
        return
    emit(session, Table(("field", "value"), result.rows(), document=result.document()), after=result.notes())
    if not result.complete:
        sys.exit(1)


COMMAND: Final = command
