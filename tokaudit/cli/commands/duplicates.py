"""``tokaudit duplicates``: the documents that do not count, each with the one that does."""

from collections.abc import Mapping
from typing import Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.number_types import WholeNumber
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.core.option_bounds import MOST_ROWS
from tokaudit.reports.protocol import ForPeople


@click.command(
    "duplicates",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit duplicates",
        "tokaudit duplicates --limit 20 --format csv",
        "tokaudit duplicates --limit 5 --diff",
    ),
)
@click.option(
    "--limit", metavar="N", type=WholeNumber(0, MOST_ROWS), default=100, show_default=True, help="Most rows to write."
)
@click.option("--diff", is_flag=True, help="Read both texts again, for at most a minute, and show what differs.")
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, limit: int, diff: bool, tokenizer: str | None) -> None:
    """List the duplicates, each with the document that counts instead.

    The duplicates with the most tokens come first.
    """
    from tokaudit.audit import answers

    answer = answers.duplicates(session.catalog, limit, tokenizer)
    if answer.extra["total"] > limit:
        session.say(f"{limit:,} of {answer.extra['total']:,} duplicates; a higher --limit shows more")
    differences = []
    columns = answer.columns
    if diff:
        from tokaudit.audit.duplicate_diffs import with_diffs

        answer = with_diffs(session.catalog, answer)
        differences = [(_pair(row), row["diff"] or "", row["diff_note"] or "") for row in answer.rows]
    keep = ("path", "ordinal", "kept_path", "kept_ordinal")
    emit_answer(session, answer, ForPeople(columns=columns, keep=keep, differences=differences))


def _pair(row: Mapping[str, Any]) -> str:
    return "{kept_path} {kept_ordinal} -> {path} {ordinal}".format_map(row)


COMMAND: Final = command
