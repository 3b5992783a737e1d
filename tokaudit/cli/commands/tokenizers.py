"""``tokaudit tokenizers``: the bundled tokenizers, or one of the user's, and the counter used for each."""

from operator import itemgetter
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_tokenizers
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("tokenizer", "tokens", "licence", "source", "vocabulary_sha256", "counter")
_SHORT: Final = slice(12)  # digits of a hash that people compare


@click.command(
    "tokenizers",
    cls=Command,
    group="Manage",
    examples=(
        "tokaudit tokenizers",
        "tokaudit tokenizers --tokenizer path/to/tokenizer.json",
    ),
)
@click.option(
    "--tokenizer",
    metavar="NAME",
    help="Show only this tokenizer, in any form that `tokaudit ingest` takes.",
    shell_complete=complete_tokenizers,
)
@click.pass_obj
def command(session: Session, tokenizer: str | None) -> None:
    """List the tokenizers that need no network.

    Shows the size, licence, source and hash of each vocabulary. The counter is empty until it has been loaded once.
    """
    from tokaudit.measure.tokenizers.rows import bundled_rows, tokenizer_row

    rows = bundled_rows() if tokenizer is None else [tokenizer_row(tokenizer)]
    columns = _COLUMNS if tokenizer is None else (*_COLUMNS, "fallback_reason")
    people = ForPeople(words={"vocabulary_sha256": itemgetter(_SHORT)}, prose=("source", "fallback_reason"))
    emit(session, Table(columns, rows, people=people))


COMMAND: Final = command
