"""``tokaudit ingest``: count the tokens of files into the catalog."""

import sys
from typing import Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import (
    NAME_A_DOMAIN,
    corpus_options,
    counting_options,
    engine_options,
    ingest_options,
    rows_options,
)
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
from tokaudit.core.units import parse_pairs
from tokaudit.reports.protocol import Table

_PREVIEW: Final = ("path", "reader", "bytes", "left_out")


@click.command(
    "ingest",
    cls=Command,
    group="Count",
    examples=(
        "tokaudit ingest crawl/ --domain web",
        "tokaudit ingest src/ --domain code --source my-code --on-bad-record skip",
        "tokaudit ingest novels.jsonl --domain books --text-field body",
        "tokaudit ingest - --domain web --source dump --reader jsonl",
        "tokaudit ingest reviews.jsonl --domain reviews --label licence=licence",
        "tokaudit ingest crawl/ --domain web --language",
    ),
    required={"domain": NAME_A_DOMAIN, "paths": "name files, folders, globs or URLs to count"},
)
@corpus_options
@counting_options
@rows_options
@wait_option
@engine_options
@click.option(
    "--groups/--no-groups",
    default=True,
    help="Bring the groups of duplicates up to date, or leave that to `tokaudit stage` and then `tokaudit resume`.",
)
@click.option("--dry-run", is_flag=True, help="List what would be counted, and count nothing.")
@click.pass_obj
def command(session: Session, /, *, labels: tuple[str, ...], on_bad_record: str, dry_run: bool, **corpus: Any) -> None:
    """Count the tokens of files into the catalog.

    PATH is a file, a folder, a glob or a URL, or `-` for stdin. Files that are counted already are not read again. A
    changed file replaces its rows.
    """
    fields = parse_pairs(labels, "--label", "NAME=FIELD")
    with show_patient_progress(session, corpus.pop("wait")) as progress:
        from tokaudit.pipeline.options import ingest_request

        options = ingest_options(corpus, labels=fields, skip_bad=on_bad_record == "skip")
        if not dry_run:
            from tokaudit.pipeline.ingest import ingest

            result = ingest(session.catalog, ingest_request(options, progress.note), progress)
        else:
            from tokaudit.pipeline.estimate.grouping import dry_run_of

            found, need = dry_run_of(options, progress.note)
    if dry_run:
        emit(session, Table(_PREVIEW, found, {"grouping": need.document()}), after=[need.sentence()])
        return
    emit(session, Table(("field", "value"), result.rows(), document=result.document()), after=result.notes())
    if not result.complete:
        sys.exit(1)


COMMAND: Final = command
