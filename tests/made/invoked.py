"""The program called by click's runner, whose result has the exception itself."""

from pathlib import Path

from click.testing import CliRunner, Result

from tokaudit.cli.app import program
from tokaudit.cli.session import Session


def invoked(*arguments: str, catalog: Path | None = None, quiet: bool = False) -> Result:
    """The result of a call. Its session has ended, as at the end of the program: it hears no more log records."""
    session = Session(named_catalog=catalog, quiet=quiet)
    try:
        return CliRunner().invoke(program, arguments, obj=session)
    finally:
        session.end(0)
