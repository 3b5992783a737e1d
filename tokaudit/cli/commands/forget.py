"""``tokaudit forget``: take a source out of the catalog."""

import sys
from typing import Final

import click

from tokaudit.cli.output import say
from tokaudit.cli.session import Session


@click.command("forget")
@click.argument("source")
@click.pass_obj
def command(session: Session, source: str) -> None:
    """Remove SOURCE; the numbers are then as if it had never been there."""
    from tokaudit.pipeline.forget import forget
    from tokaudit.reports.rows import write_rows

    result = forget(session.catalog, source, lambda note: say(session, note))
    if session.format == "json":
        from tokaudit.reports.rows import to_json

        print(to_json(result))
    else:
        write_rows([result], sys.stdout, session.format, columns=tuple(result))


COMMAND: Final = command
