"""The options of ``tokaudit fit`` that say which runs are fitted, and how."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.completion import complete_laws, complete_methods
from tokaudit.cli.number_types import WholeNumber
from tokaudit.core.option_bounds import MOST_DRAWS
from tokaudit.laws.fit.methods import METHODS

NAME_RUNS: Final = "name a table of training runs with the columns params, tokens or flops, and loss"
"""What to do if the file is missing."""

_OPTIONS: Final = (
    click.argument("file", type=click.Path(readable=False, path_type=Path), metavar="FILE.csv"),
    click.option(
        "--method",
        metavar="NAME",
        default="parametric",
        show_default=True,
        help=f"Method of fitting: {', '.join(METHODS.names())}.",
        shell_complete=complete_methods,
    ),
    click.option(
        "--drop",
        "drops",
        multiple=True,
        metavar="CONDITION",
        help="Runs to leave out, such as 'loss>3.5' or line=7; may be repeated.",
    ),
    click.option(
        "--base",
        metavar="LAW",
        help="Scaling law whose one-epoch constants are kept; only R_D* and R_N* are fitted.",
        shell_complete=complete_laws,
    ),
    click.option(
        "--draws", type=WholeNumber(0, MOST_DRAWS), metavar="N", help="Number of bootstrap draws.", show_default="1000"
    ),
)

fit_options = with_options(_OPTIONS)
"""The function with these options as parameters."""
