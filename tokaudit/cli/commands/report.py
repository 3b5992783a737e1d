"""``tokaudit report``: what was counted, and a plan, as a page with figures, or as a dataset card."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.plan_options import plan_options
from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.planning.options import PlanOptions

_FILE: Final = click.Path(readable=False, path_type=Path)


@click.command(
    "report",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit report corpus.html",
        "tokaudit report run.html --flops 1e22",
        "tokaudit report offer.html --flops 1e24 --supply web=2T,code=400B --force",
    ),
    required={"file": "name the page to write, such as report.html"},
    surplus="report: writes one page; give a budget such as --flops 1e24 for that of a plan",
)
@click.argument("file", type=_FILE, metavar="FILE.html")
@plan_options
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.pass_obj
def command(session: Session, /, *, file: Path, options: "PlanOptions", force: bool) -> None:
    """Write a page with figures about the corpus, and about a run.

    The page is one file. It opens in a browser without a network, and it can be printed. It says what was counted, what
    is unique, and what was left out. With the options of `tokaudit plan`, it begins with the verdict about that run.
    Its numbers can be changed there, to see what would be.
    """
    from tokaudit.cli.output import emit
    from tokaudit.core.new_files import check_new, write_whole
    from tokaudit.core.units import format_bytes
    from tokaudit.reports.page.make_page import report_page
    from tokaudit.reports.protocol import ForPeople, Table

    check_new("FILE.html", file, force=force)
    made = report_page(options, session.catalog)
    write_whole("FILE.html", file, made.html)
    size = len(made.html.encode())
    row = {"file": str(file), "bytes": size, "says": made.headline, "figures": list(made.figures)}
    people = ForPeople(
        columns=(), rows=(), before=[made.headline, f"Wrote {file} ({format_bytes(size)}); open it in a browser."]
    )
    emit(session, Table(tuple(row), [row], document=row, people=people))


COMMAND: Final = command
