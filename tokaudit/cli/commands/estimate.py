"""``tokaudit estimate``: what an ingest would take, before it is run."""

from typing import Any, Final

import click

from tokaudit.cli.corpus_options import corpus_options, ingest_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session

_COLUMNS: Final = ("quantity", "value", "low", "high", "basis")


@click.command("estimate")
@corpus_options
@click.pass_obj
def command(session: Session, /, **corpus: Any) -> None:
    """Show how much text lies at each PATH, and the time, memory and disk that an ingest of it would take.

    Reads a sample of some megabytes, of every format and size, and counts it on this machine. Writes nothing.
    """
    from tokaudit.cli.progress import ProgressReport
    from tokaudit.reports.protocol import Table

    with ProgressReport(quiet=session.quiet) as progress:
        from tokaudit.pipeline.estimate.estimate import estimate
        from tokaudit.pipeline.options import ingest_request

        request = ingest_request(ingest_options(corpus), progress.note)
        progress.note("reading and counting a sample")
        rows = estimate(request)
    emit(session, Table(_COLUMNS, rows))


COMMAND: Final = command
