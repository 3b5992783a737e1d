"""``tokaudit run``: an audit made anew from its file: sources counted, supply added up, plans made and saved."""

import sys
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.corpus_options import power_options, rows_options
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import show_patient_progress, wait_option
from tokaudit.core.default_catalog import DEFAULT_CONFIG
from tokaudit.core.errors import UsageError
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("source", "domain", "files", "files_unchanged", "documents", "bytes", "bad_records", "complete")
_PREVIEW: Final = ("source", "path", "reader", "bytes", "left_out")


@click.command(
    "run",
    cls=Command,
    group="Count",
    examples=("tokaudit run", "tokaudit run --only crawl --dry-run", "tokaudit run --config audits/spring.toml"),
    surplus="run: takes no arguments; choose sources and plans with --only NAME",
)
@click.option("--only", multiple=True, metavar="NAME", help="Only this source or plan of the file; may be repeated.")
@click.option("--dry-run", is_flag=True, help="List the files that would be counted, and count nothing.")
@power_options
@rows_options
@wait_option
@click.pass_context
def command(context: click.Context, /, only: tuple[str, ...], dry_run: bool, wait: str, **power: object) -> None:  # noqa: ARG001 - `settings_in_use` has them
    """Count every source of tokaudit.toml, and make its plans.

    Files that have not changed are not read again. Each plan is saved in the catalog under its name. A source that is
    refused does not stop the others, but then no plan is saved. `tokaudit guide config` describes the file.
    """
    from tokaudit.cli.run_report import answers, settings_of_run

    session = context.ensure_object(Session)
    if session.file is None:
        raise UsageError(
            f"{DEFAULT_CONFIG}: there is no such file here; write one (see `tokaudit guide config`), or"
            " name another with --config"
        )
    settings = settings_of_run(context)
    with show_patient_progress(session, wait) as progress:
        from tokaudit.planning.audit_file.rebuild import preview_all, rebuild

        if not dry_run:
            done = rebuild(session.catalog, session.file, settings, progress, only)
            refused, code = [*done.failed(session.file), *done.refusals], done.exit_code
        else:
            found, refused = preview_all(session.file, settings, session.catalog, progress.note, only)
            code = refused[0].exit_code if refused else 0
    if dry_run:
        emit(session, Table(_PREVIEW, found))
    else:
        people = ForPeople(after=answers(done), keep=("source", "documents"))
        table = Table(_COLUMNS, done.rows(), document=done.document(), people=people)
        emit(session, table, after=done.notes())
    for each in refused:
        session.fail(each.message, each.exit_code)
    if code:
        sys.exit(code)


COMMAND: Final = command
