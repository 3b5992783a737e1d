"""``tokaudit estimate``: what an ingest would take, before it is run."""

import sys
from typing import Final

import click

from tokaudit.quantities import parse_size
from tokaudit.settings import Session


@click.command("estimate")
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
    help="A bundled name, a file, or a hub id; may be given more than once [default: cl100k_base].",
)
@click.option(
    "--clean",
    type=click.Choice(["default", "none"]),
    default="default",
    show_default=True,
    help="The cleaning steps of the domain, or none.",
)
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Threads [default: one a core].")
@click.option("--memory", default="1GiB", show_default=True, metavar="SIZE", help="For text under way.")
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
    workers: int | None,
    memory: str,
) -> None:
    """Show how much text lies at each PATH, and the time, memory and disk that an ingest of it would take.

    Reads a sample of some megabytes, of every format and size, and counts it on this machine. Writes nothing.
    """
    from tokaudit import requests
    from tokaudit.estimate import estimate
    from tokaudit.reports.progress import ProgressReport
    from tokaudit.reports.rows import write_rows

    asked = requests.Asked(
        paths=paths,
        domain=domain,
        source=source,
        reader=reader,
        text_field=text_field,
        tokenizers=tokenizers,
        clean=clean,
        workers=workers,
        memory=parse_size(memory, "--memory"),
    )
    with ProgressReport(quiet=session.quiet) as report:
        request = requests.prepare(asked, report.note)
        report.note("reading and counting a sample")
        rows = estimate(request)
    columns = ("quantity", "value", "low", "high", "basis")
    write_rows(rows, sys.stdout, session.format, columns=columns)


COMMAND: Final = command
