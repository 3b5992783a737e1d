"""The options of ``tokaudit plan`` that say what becomes of the plan: files, a saved plan, an exit code."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import with_options

_OPTIONS: Final = (
    click.option(
        "--html",
        type=click.Path(readable=False, path_type=Path),
        metavar="FILE",
        help="File to also write the plan to, as a page with figures that opens in a browser without a network.",
    ),
    click.option(
        "--markdown",
        type=click.Path(readable=False, path_type=Path),
        metavar="FILE",
        help="File to also write the plan to, as Markdown.",
    ),
    click.option(
        "--fail-on",
        metavar="CONSTRAINT[:CERTAINTY]",
        multiple=True,
        help="Exit with 1 if this is the constraint: data, model or compute; with :likely or :sure, only if it is at"
        " least that certain.",
    ),
    click.option(
        "--save", "name", metavar="NAME", help="Name under which the catalog keeps the plan, for `tokaudit plans`."
    ),
    click.option(
        "--force",
        is_flag=True,
        help="Overwrite the files of --html and --markdown, and replace the saved plan of that name.",
    ),
)

plan_outputs = with_options(_OPTIONS)
"""The function with these options as parameters."""
