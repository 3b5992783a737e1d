"""``tokaudit retry``: read again the files that could not be read."""

import sys
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_sources
from tokaudit.cli.corpus_options import power_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.units import parse_size
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("source", "domain", "files", "documents", "bytes", "bad_records", "complete", "seconds")


@click.command(
    "retry",
    cls=Command,
    group="Count",
    examples=(
        "tokaudit retry",
        "tokaudit retry crawl --workers 4",
    ),
    surplus="retry: takes one source at a time; without a source, it reads the failed files of all",
)
@click.argument("source", required=False, shell_complete=complete_sources)
@power_options
@wait_option
@click.pass_obj
def command(session: Session, source: str | None, workers: int | None, memory: str, wait: str) -> None:
    """Read again the files with bad records, and replace their rows.

    They are counted as their source is: with its reader, fields, cleaning, labels and tokenizers. Bad records that are
    left are recorded again. Without SOURCE, those of all sources are read.
    """
    size = parse_size(memory, "--memory")
    with show_patient_progress(session, wait) as progress:
        from tokaudit.pipeline.retry import retry

        result = retry(session.catalog, source, workers or worker_threads(), size, progress)
    people = ForPeople(keep=("source", "bad_records"))
    table = Table(_COLUMNS, result.rows(), document=result.document(), people=people)
    emit(session, table, after=result.notes())
    if not result.complete:
        sys.exit(1)


COMMAND: Final = command
