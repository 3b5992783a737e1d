"""``tokaudit plot``: a figure of a plan, a catalog, a forecast or a fit, as a file for slides."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.figure_commands import Figures, described
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import Table


@click.command(
    "plot",
    cls=Figures,
    group="Plan",
    examples=(
        "tokaudit plot",
        "tokaudit plot supply --flops 1e24 --supply web=2T,code=400B -o supply.svg",
        "tokaudit plot forecast --demand compute -o forecast.png",
        "tokaudit plot residuals runs.csv -o residuals.svg --force",
    ),
    invoke_without_command=True,
    subcommand_metavar="[FIGURE -o FILE]",
)
@click.pass_context
def command(context: click.Context) -> None:
    """Draw one figure into an SVG or PNG file, or list the figures.

    A figure takes the options of what it is drawn from: those of `tokaudit plan`, `tokaudit forecast` or
    `tokaudit fit`. `tokaudit plot FIGURE --help` lists them.
    """
    if context.invoked_subcommand is None:
        with _list.make_context("plot", [], parent=context.parent) as listing:
            _list.invoke(listing)


@click.command("plot", cls=Command, group="Plan", examples=("tokaudit plot",))
@click.pass_obj
def _list(session: Session) -> None:
    """List the figures."""
    columns = ("figure", "title", "drawn_from")
    emit(session, Table(columns, [dict(zip(columns, row, strict=True)) for row in described()]))


COMMAND: Final = command
