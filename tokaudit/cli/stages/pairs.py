"""``tokaudit stage pairs``: pairs of texts that may be near-duplicates."""

from typing import Final

from tokaudit.cli.grouping_stage import grouping_stage


@grouping_stage("pairs")
def command() -> None:
    """Estimate a share of the pairs of texts that are alike.

    The results of all jobs of `tokaudit stage shared` must be there. Each job pairs the texts that have a hash in
    common in some ranges of hashes. The catalog is only read.
    """


COMMAND: Final = command
