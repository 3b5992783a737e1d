"""``tokaudit forget``: take a source out of the catalog."""

from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session


@click.command("forget")
@click.argument("source")
@click.pass_obj
def command(session: Session, source: str) -> None:
    """Remove SOURCE; the numbers are then as if it had never been there."""
    from tokaudit.pipeline.forget import forget
    from tokaudit.reports.protocol import Table

    result = forget(session.catalog, source, session.say)
    emit(session, Table(tuple(result), [result], document=result))


COMMAND: Final = command
