"""``tokaudit resume``: finish what was cut off."""

import sys
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import power_options, work_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.units import parse_size
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "resume",
    cls=Command,
    group="Count",
    examples=("tokaudit resume", "tokaudit resume --workers 4", "tokaudit resume --work work"),
    surplus="resume: takes no argument; it finishes all work on the catalog that was cut off",
)
@power_options
@work_options
@wait_option
@click.pass_obj
def command(session: Session, workers: int | None, memory: str, work: str | None, wait: str) -> None:
    """Finish all work on the catalog that was cut off.

    An ingest is run again with the options that it had, and reads only what it had not finished. A source that `forget`
    removed is removed in full. `tokaudit status` lists what is not finished.
    """
    size = parse_size(memory, "--memory")
    with show_patient_progress(session, wait) as progress:
        from tokaudit.pipeline.resume import COLUMNS, resume

        result = resume(session.catalog, workers or worker_threads(), size, progress, work)
    people = ForPeople(keep=("work", "source"), prose=("why",))
    emit(session, Table(COLUMNS, result.rows(), document=result.document(), people=people), after=result.notes())
    if result.exit_code:
        sys.exit(result.exit_code)


COMMAND: Final = command
