"""``tokaudit corpora``: what is published of corpora, or of one of them."""

from typing import Final

import click

from tokaudit.cli.output import emit, emit_corpus
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError

_SHOWN: Final = ("name", "domain", "tokens", "counted", "availability")


@click.command("corpora")
@click.argument("name", required=False)
@click.option("--domain", metavar="NAME", help="Only of this domain: web, books, code, papers …")
@click.option("--availability", metavar="NAME", help="Only open, gated, restricted, closed or withdrawn ones.")
@click.option("--language", metavar="CODE", help="Only those whose languages name it, such as en.")
@click.option("--licence", metavar="TEXT", help="Only those whose licence has this in its name, or unknown.")
@click.option("--year", metavar="YEAR[-YEAR]", help="Only counts of that year, or of those years.")
@click.pass_obj
def command(session: Session, /, name: str | None, **chosen: str | None) -> None:
    """List published corpora, a row a component; or show all that is published of one.

    Rows overlap: never add them up. What they count differs, too: nominal tokens, those without exact duplicates,
    those without near-duplicates, or with repeats.
    """
    from dataclasses import asdict, fields

    from tokaudit.catalog.reference.corpora import PublishedCorpus
    from tokaudit.reports.protocol import ForPeople, Table
    from tokaudit.supply.published.browse import choose, corpus_details, size

    if name is not None:
        if any(chosen.values()):
            raise UsageError("corpora: give the name of one corpus, or options that choose among all")
        emit_corpus(session, corpus_details(name))
        return
    rows = choose(**chosen)
    shown = [{column: getattr(row, column) for column in _SHOWN} | {"tokens": size(row)} for row in rows]
    columns = tuple(field.name for field in fields(PublishedCorpus))
    emit(session, Table(columns, list(map(asdict, rows)), people=ForPeople(_SHOWN, shown, keep=("name", "tokens"))))


COMMAND: Final = command
