"""``tokaudit verify``: read files again and compare them with the catalog."""

import sys
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_sources
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.units import parse_share
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "verify",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit verify",
        "tokaudit verify crawl --sample 5%",
    ),
    surplus="verify: takes one source at a time; without a source, it reads the files of all",
)
@click.argument("source", required=False, shell_complete=complete_sources)
@click.option(
    "--sample",
    metavar="SHARE",
    help="Read only this share of the files, always the same ones.",
    show_default="all files",
)
@click.pass_obj
def command(session: Session, source: str | None, sample: str | None) -> None:
    """Read files again and list each difference from the catalog.

    Compares the bytes of each file, its records, and each text after cleaning. Nothing is written. The exit code is 1
    if there is a difference, or a file that can't be verified. Without SOURCE, the files of all sources are read.
    """
    from tokaudit.cli.progress import show_progress

    share = 1.0 if sample is None else parse_share(sample, "--sample")
    with show_progress(session, doing="verifying") as progress:
        from tokaudit.pipeline.verify import COLUMNS, verify

        result = verify(session.catalog, source, share, worker_threads(), progress)
    people = ForPeople(prose=("why",), keep=("path", "ordinal", "kind"))
    table = Table(COLUMNS, result.differences, document=result.document(), people=people)
    emit(session, table, after=result.summary())
    if not result.complete:
        sys.exit(1)


COMMAND: Final = command
