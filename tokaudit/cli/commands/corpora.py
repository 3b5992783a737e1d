"""``tokaudit corpora``: what is published about corpora, or about one of them."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_corpora, complete_published_domains
from tokaudit.cli.output import emit, emit_corpus
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.reports.protocol import ForPeople, Table

_SHOWN: Final = ("name", "domain", "tokens", "counted", "availability")


@click.command(
    "corpora",
    cls=Command,
    group="Published",
    examples=(
        "tokaudit corpora --domain code --by year",
        "tokaudit corpora FineWeb",
        "tokaudit corpora --availability open --language de --year 2023-2025",
    ),
    surplus="corpora: shows one corpus at a time; put a name of several words in quotes",
)
@click.argument("name", required=False, shell_complete=complete_corpora)
@click.option(
    "--domain",
    metavar="NAME",
    help="Only corpora of this domain, such as web, books, code or papers.",
    shell_complete=complete_published_domains,
)
@click.option("--availability", metavar="NAME", help="Only open, gated, restricted, closed or withdrawn corpora.")
@click.option("--language", metavar="CODE", help="Only corpora that name this language, such as en.")
@click.option("--licence", metavar="TEXT", help="Only corpora whose licence contains this text, or is unknown.")
@click.option("--year", metavar="YEAR[-YEAR]", help="Only counts of this year, or these years.")
@click.option("--by", type=click.Choice(["year"]), help="Sort the counts by year, newest first, and show the year.")
@click.pass_obj
def command(session: Session, /, name: str | None, by: str | None, **chosen: str | None) -> None:
    """List published corpora, or show all that is published about one.

    A row is a component. Rows overlap, so never add them up. They also count different things: nominal tokens, tokens
    without exact duplicates, tokens without near-duplicates, or tokens with repeats.
    """
    from dataclasses import asdict, fields

    from tokaudit.catalog.reference.corpora import AS_OF, REGISTRY_AS_OF, PublishedCorpus
    from tokaudit.supply.published.browse import choose, corpus_details, size

    if name is not None:
        if by or any(chosen.values()):
            raise UsageError("corpora: give the name of one corpus or options that filter the list, not both")
        emit_corpus(session, corpus_details(name))
        session.say(f"the registry is {AS_OF}")
        return
    rows = choose(**chosen)
    if by == "year":
        rows.sort(key=lambda row: -row.year)
    visible = ("year", *_SHOWN) if by == "year" else _SHOWN
    shown = [{column: getattr(row, column) for column in visible} | {"tokens": size(row)} for row in rows]
    columns = tuple(field.name for field in fields(PublishedCorpus))
    people = ForPeople(visible, shown, keep=("name", "tokens"))
    emit(session, Table(columns, list(map(asdict, rows)), {"registry_as_of": REGISTRY_AS_OF}, people=people))
    session.say(f"the registry is {AS_OF}; rows overlap, so never add them up")


COMMAND: Final = command
