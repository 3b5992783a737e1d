"""``tokaudit tokenizers``: the bundled vocabularies, or one of the user's, and what counts with each."""

from operator import itemgetter
from typing import Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session

_COLUMNS: Final = ("tokenizer", "tokens", "licence", "source", "vocabulary_sha256", "counter")
_SHORT: Final = slice(12)  # digits of a hash that people compare


@click.command("tokenizers")
@click.option("--tokenizer", metavar="NAME", help="Show this one (any form that `ingest` takes), not the bundled ones.")
@click.pass_obj
def command(session: Session, tokenizer: str | None) -> None:
    """List the vocabularies that need no network: size, licence, origin, hash, and what counts.

    The counter is empty until a vocabulary has been loaded once.
    """
    from tokaudit.measure.tokenizers.rows import bundled_rows, tokenizer_row
    from tokaudit.reports.protocol import ForPeople, Table

    rows = bundled_rows() if tokenizer is None else [tokenizer_row(tokenizer)]
    columns = _COLUMNS if tokenizer is None else (*_COLUMNS, "fallback_reason")
    people = ForPeople(words={"vocabulary_sha256": itemgetter(_SHORT)}, prose=("source", "fallback_reason"))
    emit(session, Table(columns, rows, people=people))


COMMAND: Final = command
