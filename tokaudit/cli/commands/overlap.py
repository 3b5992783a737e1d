"""``tokaudit overlap``: what domains or sources share."""

from typing import Final

import click

from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command("overlap")
@click.option(
    "--by", type=click.Choice(["domain", "source"]), default="domain", show_default=True, help="What is compared."
)
@click.option("--tokenizer", metavar="NAME", help="Whose tokens [default: the catalog's first].")
@click.pass_obj
def command(session: Session, by: str, tokenizer: str | None) -> None:
    """Show how much of each domain or source another one holds too."""
    from tokaudit.audit import answers

    people = ForPeople(keep=("a", "b", "tokens_shared"))
    emit_answer(session, answers.overlap(session.catalog, by, tokenizer), people)


COMMAND: Final = command
