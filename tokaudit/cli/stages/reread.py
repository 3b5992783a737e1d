"""``tokaudit stage reread``: texts of borderline pairs, read again."""

from typing import Final

from tokaudit.cli.grouping_stage import grouping_stage


@grouping_stage("reread")
def command() -> None:
    """Read a share of the texts again whose likeness is in doubt.

    The results of all jobs of `tokaudit stage pairs` must be there. Each job reads some texts in their files, which
    it must reach. `tokaudit resume` then makes the groups. The catalog is only read.
    """


COMMAND: Final = command
