"""``tokaudit duplicates``: the documents that do not count, each with the one that does."""

from typing import Final

import click

from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command("duplicates")
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True, help="How many rows.")
@click.option("--tokenizer", metavar="NAME", help="Whose tokens [default: the catalog's first].")
@click.pass_obj
def command(session: Session, limit: int, tokenizer: str | None) -> None:
    """List the documents that do not count, those with most tokens first."""
    from tokaudit.audit import answers

    answer = answers.duplicates(session.catalog, limit, tokenizer)
    if answer.extra["total"] > limit:
        session.say(f"{limit:,} of {answer.extra['total']:,} duplicates (--limit shows more)")
    emit_answer(session, answer, ForPeople(keep=("path", "ordinal", "kept_path", "kept_ordinal")))


COMMAND: Final = command
