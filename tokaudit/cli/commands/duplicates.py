"""``tokaudit duplicates``: the documents that do not count, each with the one that does."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.number_types import MOST_ROWS, WholeNumber
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command(
    "duplicates",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit duplicates",
        "tokaudit duplicates --limit 20 --format csv",
    ),
)
@click.option(
    "--limit", metavar="N", type=WholeNumber(0, MOST_ROWS), default=100, show_default=True, help="Most rows to write."
)
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, limit: int, tokenizer: str | None) -> None:
    """List the duplicates, each with the document that counts instead.

    The duplicates with the most tokens come first.
    """
    from tokaudit.audit import answers

    answer = answers.duplicates(session.catalog, limit, tokenizer)
    if answer.extra["total"] > limit:
        session.say(f"{limit:,} of {answer.extra['total']:,} duplicates; a higher --limit shows more")
    emit_answer(session, answer, ForPeople(keep=("path", "ordinal", "kept_path", "kept_ordinal")))


COMMAND: Final = command
