"""``tokaudit estimate``: the time, memory and disk that an ingest would take."""

import sys
from typing import Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import NAME_A_DOMAIN, corpus_options, engine_option, ingest_options
from tokaudit.cli.number_types import WholeNumber
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.core.ordered_map import worker_threads
from tokaudit.pipeline.engines import LOCAL
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "estimate",
    cls=Command,
    group="Count",
    examples=(
        "tokaudit estimate crawl/ --domain web",
        "tokaudit estimate 's3://bucket/crawl/*.jsonl.gz' --domain web --json",
        "tokaudit estimate crawl/ --domain web --engine ray --nodes 32 --cores 64",
    ),
    required={"domain": NAME_A_DOMAIN, "paths": "name files, folders, globs or URLs to estimate"},
)
@corpus_options
@engine_option
@click.option(
    "--nodes", type=WholeNumber(1, 100_000), metavar="N", help="Machines of a cluster of Ray.", show_default="1"
)
@click.option(
    "--cores", type=WholeNumber(1, 10_000), metavar="N", help="Cores of each machine.", show_default="as on this one"
)
@click.pass_obj
def command(session: Session, /, *, nodes: int | None, cores: int | None, **corpus: Any) -> None:
    """Estimate the text, time, memory and disk of an ingest.

    Counts a sample of some megabytes on this machine, from files of every format and size. Writes nothing. For WARC
    files it also says what published pipelines would leave of them, before anything is read. For a cluster of Ray it
    adds hours, storage, memory, the data that are moved, and what takes longest.
    """
    from tokaudit.cli.progress import show_progress

    if "-" in corpus["paths"]:
        message = "-: an estimate samples many places of its files, and stdin can be read only once; save it to a file"
        raise UsageError(message)
    on_ray = corpus["engine"] != LOCAL.name
    if not on_ray and (nodes or cores):
        raise UsageError("--nodes and --cores describe a cluster; pass --engine ray, too")
    with show_progress(session) as progress:
        from tokaudit.pipeline.estimate.cluster import Cluster
        from tokaudit.pipeline.estimate.crawls import crawl_note
        from tokaudit.pipeline.estimate.estimate import COLUMNS, estimate
        from tokaudit.pipeline.options import ingest_request

        request = ingest_request(ingest_options(corpus), progress.note)
        if said := crawl_note(request.selected):
            session.say(said)
        progress.note("reading and counting a sample")
        here = worker_threads()
        result = estimate(request, Cluster(nodes or 1, cores or here, request.memory) if on_ray else None)
    people = ForPeople(prose=("basis",))
    emit(session, Table(COLUMNS, result.rows, document=result.document(), people=people), after=result.notes())
    if not result.complete:
        sys.exit(1)


COMMAND: Final = command
