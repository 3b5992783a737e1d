"""``tokaudit stage measure``: read and measure a share of the files of an ingest."""

from typing import Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import (
    NAME_A_DOMAIN,
    corpus_options,
    counting_options,
    ingest_options,
    work_options,
)
from tokaudit.cli.output import emit
from tokaudit.cli.rank import parse_rank, rank_option
from tokaudit.cli.session import Session
from tokaudit.core.units import parse_pairs
from tokaudit.reports.protocol import Table


@click.command(
    "measure",
    cls=Command,
    group="Count",
    examples=("tokaudit stage measure crawl/ --domain web --rank 0/256 --work work",),
    required={
        "domain": NAME_A_DOMAIN,
        "paths": "name files, folders, globs or URLs to count",
        "rank": "name the share of this job, such as --rank 0/256",
    },
)
@rank_option
@corpus_options
@counting_options
@work_options
@click.pass_obj
def command(session: Session, /, *, rank: str, labels: tuple[str, ...], on_bad_record: str, **corpus: Any) -> None:
    """Measure a share of the files of an ingest.

    The same `tokaudit ingest`, with the same --work, takes the results and measures what is missing. The catalog is
    neither read nor written. A bad record refuses no file before that.
    """
    share, shares = parse_rank(rank)
    fields = parse_pairs(labels, "--label", "NAME=FIELD")
    from tokaudit.cli.progress import show_progress

    with show_progress(session) as progress:
        from tokaudit.pipeline.options import ingest_request
        from tokaudit.pipeline.shards.rank import measure_rank

        options = ingest_options(corpus, labels=fields, skip_bad=on_bad_record == "skip")
        request = ingest_request(options, progress.note)
        done = measure_rank(request, share, shares, session.catalog)
    emit(session, Table(("field", "value"), done.rows(), document=done.document()))


COMMAND: Final = command
