"""What the commands of the stages of grouping have in common: each does a share, and reads the catalog alone."""

from collections.abc import Callable
from inspect import cleandoc

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import work_options, workers_option
from tokaudit.cli.output import emit
from tokaudit.cli.rank import parse_rank, rank_option
from tokaudit.cli.session import Session
from tokaudit.core.ordered_map import worker_threads
from tokaudit.reports.protocol import Table


def grouping_stage(name: str) -> Callable[[Callable[[], None]], click.Command]:
    """A decorator that makes the command of a stage of grouping, of a function of which only the docstring is used."""
    return lambda described: _command(name, cleandoc(described.__doc__ or ""))


def _command(name: str, words: str) -> click.Command:
    @click.command(
        name,
        cls=Command,
        group="Count",
        help=words,
        examples=(f"tokaudit stage {name} --rank 0/64 --work work",),
        required={"rank": "name the share of this job, such as --rank 0/64"},
    )
    @rank_option
    @workers_option
    @work_options
    @click.pass_obj
    def command(session: Session, /, *, rank: str, workers: int | None, work: str | None) -> None:
        share = parse_rank(rank)
        from tokaudit.cli.progress import show_progress

        with show_progress(session) as progress:
            from tokaudit.pipeline.group_rank import group_rank

            done = group_rank(session.catalog, name, share, work, workers or worker_threads(), progress.note)
        emit(session, Table(("field", "value"), done.rows(), document=done.document()))

    return command
