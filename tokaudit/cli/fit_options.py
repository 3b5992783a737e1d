"""The options of ``tokaudit fit``: the runs, the method, and the law that is saved."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.completion import complete_laws, complete_methods, complete_tokenizers
from tokaudit.cli.number_types import WholeNumber
from tokaudit.core.option_bounds import MOST_DRAWS
from tokaudit.laws.fit.methods import METHODS

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
    click.option(
        "--save", "name", metavar="NAME", help="Name under which the catalog keeps the fit, for `--law NAME`."
    ),
    click.option(
        "--params-counted",
        type=click.Choice(["total", "non-embedding", "active"]),
        default="total",
        show_default=True,
        help="With --save: the parameters that the runs count.",
    ),
    click.option(
        "--tokenizer",
        metavar="NAME",
        help="With --save: the tokenizer of the runs' tokens.",
        show_default="unknown",
        shell_complete=complete_tokenizers,
    ),
    click.option("--force", is_flag=True, help="Replace the saved law of that name."),
    click.option(
        "--show",
        type=click.Choice(["constants", "residuals", "frontier", "draws"]),
        default="constants",
        show_default=True,
        help="Rows to write in formats other than json; residuals and frontier are for plots.",
    ),
)

fit_options = with_options(_OPTIONS)
"""The function with these options as parameters."""
