"""``tokaudit report``: what was counted, and a plan, as a page with figures; or what was counted as a dataset card."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.plan_options import plan_options
from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.planning.options import PlanOptions

_FILE: Final = click.Path(readable=False, path_type=Path)
_STDOUT: Final = "-"


@click.command(
    "report",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit report corpus.html",
        "tokaudit report run.html --flops 1e22",
        "tokaudit report offer.html --flops 1e24 --supply web=2T,code=400B --force",
        "tokaudit report --card",
        "tokaudit report --card README.md --force",
    ),
    surplus="report: writes one page; give a budget such as --flops 1e24 for that of a plan",
)
@click.argument("file", type=_FILE, metavar="[FILE.html]", required=False)
@plan_options
@click.option(
    "--card",
    type=_FILE,
    is_flag=False,
    flag_value=_STDOUT,
    metavar="[FILE.md]",
    help="Instead, write a dataset card in Markdown to this file, or to stdout.",
)
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.pass_obj
def command(session: Session, /, *, file: Path | None, options: "PlanOptions", card: Path | None, force: bool) -> None:
    """Write a page with figures about the corpus, and about a run.

    The page is one file. It opens in a browser without a network, and it can be printed. It says what was counted, what
    is unique, and what was left out. With the options of `tokaudit plan`, it begins with the verdict about that run.
    Its numbers can be changed there, to see what would be.
    """
    from tokaudit.cli.output import emit_document, emit_file
    from tokaudit.core.new_files import check_new, write_whole
    from tokaudit.reports.page.make_page import catalog_card, report_page

    if card is not None:
        made = catalog_card(options, session.catalog, file)
        if str(card) == _STDOUT:
            emit_document(session, {"text": made.text, "complete": made.complete, "warnings": list(made.notes)})
            return
        check_new({"--card": card}, session.catalog, force=force)
        write_whole("--card", card, made.text)
        emit_file(session, card, {"complete": made.complete}, made.notes)
        return
    if file is None:
        raise click.UsageError("name the page to write, such as report.html; or pass --card for a dataset card")
    check_new({"FILE.html": file}, session.catalog, force=force)
    page = report_page(options, session.catalog)
    write_whole("FILE.html", file, page.html)
    more = {"says": page.headline, "figures": list(page.figures), "complete": page.complete}
    emit_file(session, file, more, page.notes)


COMMAND: Final = command
