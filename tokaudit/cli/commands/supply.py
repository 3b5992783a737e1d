"""``tokaudit supply``: seen and unique tokens per domain, source or labels."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option, where_option
from tokaudit.cli.completion import complete_groupings
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople


@click.command(
    "supply",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit supply",
        "tokaudit supply --by source --format csv",
        "tokaudit supply --by language",
        "tokaudit supply --by language,vendored",
        "tokaudit supply --where \"language = 'en'\"",
    ),
)
@click.option(
    "--by",
    default="domain",
    show_default=True,
    metavar="domain|source|LABEL[,…]",
    help="Write one row per domain, per source, or per value of a label or combination of them.",
    shell_complete=complete_groupings,
)
@where_option
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, by: str, where: str | None, tokenizer: str | None) -> None:
    """Show the unique tokens per domain, source or label.

    A row is deduplicated only within itself, so rows may sum to more than the total of the whole catalog.
    --where filters the documents first, and then deduplicates what is left.
    """
    from tokaudit.audit import answers
    from tokaudit.reports.units_words import tokens_of

    answer = answers.supply(session.catalog, by, tokenizer, where)
    total = {**dict.fromkeys(answer.columns), **answer.extra["total"], answer.columns[0]: "total"}
    groups = answer.columns[: answer.columns.index("documents_seen")]
    shown = [column for column in answer.columns if column != "tokens_repeated_inside"]  # a note says if it is much
    after = [tokens_of(answer.extra["tokenizer"])]
    keep = (*groups, "tokens_unique")
    emit_answer(session, answer, ForPeople(shown, [*answer.rows, total], keep=keep, after=after))


COMMAND: Final = command
