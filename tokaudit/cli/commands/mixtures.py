"""``tokaudit mixtures``: the mixtures that ``plan --mixture`` knows by name, and the domains they ask for."""

import sys
from typing import Final

import click

from tokaudit.cli.session import Session

_COLUMNS: Final = ("mixture", "domain", "share", "checked", "source")


@click.command()
@click.pass_obj
def mixtures(session: Session) -> None:
    """List the mixtures of published runs: the share of each domain, scaled to 1."""
    from tokaudit.catalog.reference.mixtures import mixtures as known
    from tokaudit.reports.rows import write_rows

    rows = [
        {"mixture": each.name, "domain": domain, "share": share, "checked": each.checked, "source": each.source}
        for each in known()
        for domain, share in each.shares.items()
    ]
    write_rows(rows, sys.stdout, session.format, columns=_COLUMNS)


COMMAND: Final[click.Command] = mixtures
