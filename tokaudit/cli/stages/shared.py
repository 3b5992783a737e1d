"""``tokaudit stage shared``: which texts share a hash with another."""

from typing import Final

from tokaudit.cli.grouping_stage import grouping_stage


@grouping_stage("shared")
def command() -> None:
    """Look for a share of the texts that are like another.

    After `tokaudit ingest --no-groups`, three stages compare texts: `shared`, then `pairs`, then `reread`. Each job
    of this one looks through some ranges of hashes for texts that have one in common. The catalog is only read.
    """


COMMAND: Final = command
