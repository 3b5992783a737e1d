"""``tokaudit supply``: seen and unique tokens by domain, source or label."""

from typing import Final

import click

from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command("supply")
@click.option("--by", default="domain", show_default=True, metavar="domain|source|LABEL", help="What a row is.")
@click.option("--tokenizer", metavar="NAME", help="Whose tokens [default: the catalog's first].")
@click.pass_obj
def command(session: Session, by: str, tokenizer: str | None) -> None:
    """Show how many unique tokens there are.

    A row finds copies inside itself only, so rows may sum to more than the total of the whole catalog.
    """
    from tokaudit.audit import answers

    answer = answers.supply(session.catalog, by, tokenizer)
    total = {**dict.fromkeys(answer.columns), **answer.extra["total"], answer.columns[0]: "total"}
    keep = (*answer.columns[:2], "tokens_unique") if by == "source" else (answer.columns[0], "tokens_unique")
    emit_answer(session, answer, ForPeople(rows=[*answer.rows, total], keep=keep))


COMMAND: Final = command
