"""The options of ``tokaudit fit`` that say what becomes of the fit: a saved law, and the rows to write."""

from typing import Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.completion import complete_tokenizers

_OPTIONS: Final = (
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

fit_outputs = with_options(_OPTIONS)
"""The function with these options as parameters."""
