"""``tokaudit verify``: read files again and compare them with the catalog."""

import sys
from dataclasses import replace
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_sources
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
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
        "tokaudit verify --repair",
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
@click.option("--repair", is_flag=True, help="First make signatures anew that are missing or damaged.")
@wait_option
@click.pass_obj
def command(session: Session, source: str | None, sample: str | None, repair: bool, wait: str) -> None:
    """Read files again and list each difference from the catalog.

    Compares the bytes of each file, its records, and each text after cleaning. Signatures are compared with their check
    sums. The exit code is 1 if there is a difference, or a file that can't be verified. Without SOURCE, the files of
    all sources are read. Only --repair writes: for example, if a catalog was moved without its folder of signatures.
    """
    share = 1.0 if sample is None else parse_share(sample, "--sample")
    with show_patient_progress(session, wait, doing="verifying") as progress:
        from tokaudit.pipeline.verify import COLUMNS, verify
        from tokaudit.pipeline.verify import repair as repair_catalog

        made, gone = repair_catalog(session.catalog, worker_threads(), progress) if repair else (0, [])
        found = verify(session.catalog, source, share, worker_threads(), progress)
        result = replace(found, differences=[*gone, *found.differences], signatures_made=made)
    people = ForPeople(prose=("why",), keep=("path", "ordinal", "kind"))
    table = Table(COLUMNS, result.differences, document=result.document(), people=people)
    emit(session, table, after=result.summary())
    if not result.complete:
        sys.exit(1)


COMMAND: Final = command
