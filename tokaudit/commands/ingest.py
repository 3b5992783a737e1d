"""``tokaudit ingest``: count files into the catalog."""

import sys
from typing import Final

import click

from tokaudit.commands._emit import say
from tokaudit.errors import UsageError
from tokaudit.quantities import parse_size
from tokaudit.settings import Session

_ROWS: Final = frozenset({"domain", "source"})


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--domain", required=True, help="Domain of the text: web, books, code, or a name of your own.")
@click.option("--source", help="Name of the corpus [default: the last part of the first PATH].")
@click.option("--reader", default="auto", show_default=True, metavar="auto|NAME", help="How files are read.")
@click.option("--text-field", default="text", show_default=True, metavar="FIELD", help="Where records hold text.")
@click.option(
    "--tokenizer",
    "tokenizers",
    multiple=True,
    metavar="NAME",
    help="A bundled name, a tokenizer.json or .tiktoken file, or a hub id; may be given more than once"
    " [default: cl100k_base].",
)
@click.option(
    "--clean",
    type=click.Choice(["default", "none"]),
    default="default",
    show_default=True,
    help="The cleaning steps of the domain; none counts text as it stands in the file.",
)
@click.option("--label", "labels", multiple=True, metavar="NAME=FIELD", help="Keep a field of each document.")
@click.option(
    "--on-bad-record",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="Refuse the file of a record that can't be read, or note the record and go on.",
)
@click.option("--engine", type=click.Choice(["local"]), default="local", show_default=True, help="What does the work.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Threads [default: one a core].")
@click.option("--memory", default="1GiB", show_default=True, metavar="SIZE", help="For text under way.")
@click.option("--dry-run", is_flag=True, help="Show what would be counted, and count nothing.")
@click.pass_obj
def command(
    session: Session,
    paths: tuple[str, ...],
    domain: str,
    source: str | None,
    reader: str,
    text_field: str,
    tokenizers: tuple[str, ...],
    clean: str,
    labels: tuple[str, ...],
    on_bad_record: str,
    engine: str,
    workers: int | None,
    memory: str,
    dry_run: bool,
) -> None:
    """Count what lies at each PATH (files, folders, globs, URLs) into the catalog.

    Files that are in it already are not read again; changed ones replace their rows.
    """
    from tokaudit import requests
    from tokaudit.ingest import ingest
    from tokaudit.reports.progress import ProgressReport
    from tokaudit.reports.rows import to_json, write_rows

    kept = {}
    for item in labels:
        name, equals, field = item.partition("=")
        if not (name and equals and field):
            raise UsageError(f"--label {item}: write it as NAME=FIELD")
        if name in _ROWS:
            raise UsageError(f"--label {item}: {name} is what `supply --by` calls something else; use another name")
        kept[name] = field
    asked = requests.Asked(
        paths=paths,
        domain=domain,
        source=source,
        reader=reader,
        text_field=text_field,
        tokenizers=tokenizers,
        clean=clean,
        labels=kept,
        skip_bad=on_bad_record == "skip",
        engine=engine,
        workers=workers,
        memory=parse_size(memory, "--memory"),
    )
    if dry_run:
        rows = requests.preview(asked)
        write_rows(rows, sys.stdout, session.format, columns=("path", "reader", "bytes", "left_out"))
        return
    with ProgressReport(quiet=session.quiet) as report:
        result = ingest(session.catalog, requests.prepare(asked, report.note), report)
    if session.format == "json":
        print(to_json(result))
    else:
        counts = {f"tokens {name}": tokens for name, tokens in result["tokens"].items()}
        rows = [{"field": name, "value": value} for name, value in {**result, **counts}.items() if name != "tokens"]
        write_rows(rows, sys.stdout, session.format, columns=("field", "value"))
    if result["files"] == result["files_unchanged"]:
        say(session, "nothing to do: every file is in the catalog already and has not changed")
    if result["files_gone"]:
        gone = f"{result['files_gone']:,} files of this source are no longer there, but still count"
        say(session, f"{gone} (`tokaudit forget {result['source']}` and ingest it again)")
    if not result["complete"]:
        say(session, f"{result['bad_records']:,} bad records are not counted (`tokaudit errors` lists them)")
        sys.exit(1)


COMMAND: Final = command
