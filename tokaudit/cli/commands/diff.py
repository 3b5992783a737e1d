"""``tokaudit diff``: what changed from one catalog, or one saved plan, to another."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.completion import complete_plans_and_catalogs
from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.reports.protocol import ForPeople


@click.command(
    "diff",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit diff before.duckdb after.duckdb",
        "tokaudit diff before.duckdb after.duckdb --by source --json",
        "tokaudit diff first second",
    ),
    required={"a": "name two catalogs or two saved plans", "b": "name a second catalog or saved plan"},
    surplus="diff: compares two catalogs or two saved plans; name two",
)
@click.argument("a", shell_complete=complete_plans_and_catalogs)
@click.argument("b", shell_complete=complete_plans_and_catalogs)
@click.option(
    "--by",
    type=click.Choice(["domain", "source"]),
    default="domain",
    show_default=True,
    help="Compare domains, or sources.",
)
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, a: str, b: str, by: str, tokenizer: str | None) -> None:
    """Show what changed from A to B, in tokens, by cause.

    A and B are catalog files, or names of plans that `tokaudit plan --save` saved. If there is a file of that name, it
    is the file; plan:NAME is always a plan.

    The causes of each row add up to its change. Catalogs whose folders moved are compared by source and by the path
    below the ingested folder.
    """
    from tokaudit.planning.diff_operands import operands

    pair = operands(a, b, session.catalog)
    if isinstance(pair[0], str) or isinstance(pair[1], str):
        raise UsageError("later")
    from tokaudit.audit.diff import diff_catalogs
    from tokaudit.audit.diff_words import SHOWN, changed_by, rows_shown, signed
    from tokaudit.reports.units_words import tokens_of

    answer = diff_catalogs(*pair, by, tokenizer)
    words = dict.fromkeys(SHOWN[3:], signed)
    after = [tokens_of(answer.extra["tokenizer"])]
    people = ForPeople(
        (by, *SHOWN),
        rows_shown(answer),
        words,
        keep=(by, "cause", "tokens_unique"),
        before=[changed_by(answer)],
        after=after,
    )
    emit_answer(session, answer, people)


COMMAND: Final = command
