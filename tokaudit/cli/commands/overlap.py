"""``tokaudit overlap``: the text that domains or sources share."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command(
    "overlap",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit overlap",
        "tokaudit overlap --by source --json",
    ),
)
@click.option(
    "--by",
    type=click.Choice(["domain", "source"]),
    default="domain",
    show_default=True,
    help="Compare domains, or sources.",
)
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, by: str, tokenizer: str | None) -> None:
    """Show how much text domains or sources share.

    Each row says how much of A is also in B.
    """
    from tokaudit.audit import answers

    people = ForPeople(keep=("a", "b", "tokens_shared"))
    emit_answer(session, answers.overlap(session.catalog, by, tokenizer), people)


COMMAND: Final = command
