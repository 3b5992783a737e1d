"""The option that says which share of the work a job does."""

from typing import Final

import click

from tokaudit.cli.command import with_options
from tokaudit.core.errors import UsageError

_OPTIONS: Final = (
    click.option(
        "--rank",
        required=True,
        metavar="RANK/RANKS",
        help="Which share of the work is done, and how many there are: 0/256 is the first, 255/256 the last.",
    ),
)
rank_option = with_options(_OPTIONS)
"""The function with ``rank`` as a parameter."""


def parse_rank(text: str) -> tuple[int, int]:
    """The rank and the number of ranks in a text such as ``17/256``.

    Raises:
        UsageError: it is not such a text.
    """
    rank, slash, ranks = text.partition("/")
    if slash and rank.isdecimal() and ranks.isdecimal() and int(rank) < int(ranks):
        return int(rank), int(ranks)
    raise UsageError(f"--rank {text!r}: is not a share; write RANK/RANKS, from 0/256 to 255/256 for 256 jobs")
