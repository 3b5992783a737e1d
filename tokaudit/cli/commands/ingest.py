"""``tokaudit ingest``: count files into the catalog."""

import sys
from typing import Any, Final

import click

from tokaudit.cli.corpus_options import corpus_options, ingest_options
from tokaudit.cli.output import say
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError


@click.command("ingest")
@corpus_options
@click.option("--label", "labels", multiple=True, metavar="NAME=FIELD", help="Keep a field of each document.")
@click.option(
    "--on-bad-record",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="Refuse the file of a record that can't be read, or note the record and go on.",
)
@click.option("--engine", type=click.Choice(["local"]), default="local", show_default=True, help="What does the work.")
@click.option("--dry-run", is_flag=True, help="Show what would be counted, and count nothing.")
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    labels: tuple[str, ...],
    on_bad_record: str,
    engine: str,
    dry_run: bool,
    **corpus: Any,
) -> None:
    """Count what lies at each PATH (files, folders, globs, URLs) into the catalog.

    Files that are in it already are not read again; changed ones replace their rows.
    """
    from tokaudit.cli.progress import ProgressReport
    from tokaudit.pipeline import request
    from tokaudit.pipeline.ingest import ingest
    from tokaudit.reports.rows import to_json, write_rows

    kept = {}
    for item in labels:
        name, equals, field = item.partition("=")
        if not (name and equals and field):
            raise UsageError(f"--label {item}: write it as NAME=FIELD")
        kept[name] = field
    wanted = ingest_options(corpus, labels=kept, skip_bad=on_bad_record == "skip", engine=engine)
    if dry_run:
        rows = request.preview(wanted)
        write_rows(rows, sys.stdout, session.format, columns=("path", "reader", "bytes", "left_out"))
        return
    with ProgressReport(quiet=session.quiet) as report:
        result = ingest(session.catalog, request.prepare(wanted, report.note), report)
    if session.format == "json":
        print(to_json(result))
    else:
        counts = {f"tokens {name}": tokens for name, tokens in result["tokens"].items()}
        shown = {name: value for name, value in result.items() if name not in {"tokens", "warnings"}}
        rows = [{"field": name, "value": value} for name, value in {**shown, **counts}.items()]
        write_rows(rows, sys.stdout, session.format, columns=("field", "value"))
    if result["files"] == result["files_unchanged"]:
        say(session, "nothing to do: every file is in the catalog already and has not changed")
    for warning in result["warnings"]:
        say(session, warning)
    if result["files_gone"]:
        gone = f"{result['files_gone']:,} files of this source are no longer there, but still count"
        say(session, f"{gone} (`tokaudit forget {result['source']}` and ingest it again)")
    if not result["complete"]:
        say(session, f"{result['bad_records']:,} bad records are not counted (`tokaudit errors` lists them)")
        sys.exit(1)


COMMAND: Final = command
