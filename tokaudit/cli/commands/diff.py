"""``tokaudit diff``: what changed from one catalog, or one saved plan, to another."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.completion import complete_plans_and_catalogs
from tokaudit.cli.diffed import emit_catalogs, emit_plans
from tokaudit.cli.session import Session


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
    help="Compare the domains or the sources of catalogs.",
)
@counted_tokenizer_option
@click.pass_obj
def command(session: Session, a: str, b: str, by: str, tokenizer: str | None) -> None:
    """Show what changed from A to B, in tokens, by cause.

    A and B are catalog files, or names of plans that `tokaudit plan --save` saved. If there is a file of that name, it
    is the file; plan:NAME is always a plan.

    The causes of a row add up to its change. Documents of catalogs are compared by source and by the path below the
    folder that was ingested, so folders may have moved.
    """
    from tokaudit.planning.diff_operands import operands

    pair = operands(a, b, session.catalog)
    if pair.catalogs is not None:
        from tokaudit.audit.diff import diff_catalogs

        emit_catalogs(session, diff_catalogs(*pair.catalogs, by, tokenizer))
    else:
        from tokaudit.planning.diff_plans import diff_plans

        emit_plans(session, diff_plans(*pair.saved_plans(session.catalog)))


COMMAND: Final = command
