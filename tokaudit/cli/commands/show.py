"""``tokaudit show``: one document, as it was counted."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.number_types import WholeNumber
from tokaudit.cli.output import emit_document
from tokaudit.cli.session import Session
from tokaudit.core.option_bounds import MOST_ROWS


@click.command(
    "show",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit show crawl/pages.jsonl 17",
        "tokaudit show pages.jsonl 17 --json",
    ),
    required={"path": "name a file of the catalog", "ordinal": "give the place of the record in the file, from 0"},
    surplus="show: shows one document: the path of its file and its place in it; put a path with blanks in quotes",
)
@click.argument("path", type=click.Path(readable=False))
@click.argument("ordinal", type=WholeNumber(0, MOST_ROWS))
@click.pass_obj
def command(session: Session, path: str, ordinal: int) -> None:
    """Print a document as it was counted.

    PATH is that of its file, or a unique end of it. ORDINAL is its place in the file, from 0. The text is read from the
    file and cleaned as it was for counting. If it has changed since then, it is refused. Token ids are decoded.
    """
    from tokaudit.audit.show import show

    found = show(session.catalog, path, ordinal)
    emit_document(session, found)
    for warning in found["warnings"]:
        session.say(warning, is_warning=True)
    if (name := found["decoded_with"]) is not None:
        session.say(f"the text is decoded from token ids with tokenizer {name}")


COMMAND: Final = command
