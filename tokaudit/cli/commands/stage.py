"""``tokaudit stage``: a part of the work of a command, on a machine of its own."""

from typing import Final

import click

from tokaudit.cli.command import Listed
from tokaudit.cli.registry_group import RegistryGroup
from tokaudit.cli.stages import STAGES


class Stages(Listed, RegistryGroup):
    """A group with one command per stage."""

    registry = STAGES

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the stages, each with its summary."""
        with formatter.section("Stages"):
            formatter.write_dl([(name, STAGES.get(name).summary) for name in STAGES.names()])


@click.group(
    "stage",
    cls=Stages,
    group="Count",
    examples=(
        "tokaudit stage measure crawl/ --domain web --rank 0/256 --work work",
        "tokaudit stage shared --rank 0/64 --work work",
    ),
    subcommand_metavar="STAGE",
)
def command() -> None:
    """Do a share of a command's work by itself, as one of many jobs.

    Slurm and other schedulers start such jobs as an array. Their results wait in a folder that all machines share, and
    the command itself takes them from there.
    """


COMMAND: Final = command
