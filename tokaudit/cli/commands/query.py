"""``tokaudit query``: a shipped query or one SELECT, on a connection that reaches only the catalog."""

import sys
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_queries
from tokaudit.cli.number_types import MOST_ROWS, Seconds, WholeNumber
from tokaudit.cli.output import emit, emit_answer
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_number_of, parse_pairs
from tokaudit.reports.protocol import ForPeople, Table

_PEOPLE: Final = ForPeople(prose=("question", "why", "note", "notes", "comment", "names"))
"""Columns with sentences, in shipped queries and in the views."""


@click.command(
    "query",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit query --list",
        "tokaudit query sources",
        "tokaudit query supply -p by=source -p tokenizer=cl100k_base",
        'tokaudit query "select domain, sum(bytes) from documents group by domain"',
    ),
    surplus="query: SQL must be one argument; put it in quotes, because the shell splits it at blanks and expands `*`."
    " A parameter of a shipped query is given as -p KEY=VALUE",
)
@click.argument("query", required=False, metavar="NAME|SQL|-", shell_complete=complete_queries)
@click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="Parameter of the query; may be repeated.")
@click.option("--list", "show", is_flag=True, help="List the shipped queries and their questions.")
@click.option("--timeout", type=Seconds(), metavar="SECONDS", help="Stop the query after this time.")
@click.option("--max-rows", type=WholeNumber(0, MOST_ROWS), metavar="N", help="Write at most this many rows.")
@click.pass_obj
def command(
    session: Session,
    query: str | None,
    parameters: tuple[str, ...],
    show: bool,
    timeout: float | None,
    max_rows: int | None,
) -> None:
    """Run a shipped query by name, or one SELECT.

    `-` reads the name or the SELECT from stdin. SQL reaches only the catalog: no file, network or extension.
    """
    from tokaudit.audit import answers
    from tokaudit.catalog.queries import shipped_queries

    if show:
        listed = [{"query": name, "question": question} for name, question in shipped_queries().items()]
        emit(session, Table(("query", "question"), listed, {"warnings": []}, people=_PEOPLE))
        return
    if query is None:
        raise UsageError(
            "query: give the name of a shipped query, one SELECT, or -; `tokaudit query --list` lists the names"
        )
    text = _stdin() if query == "-" else query
    given = parse_pairs(parameters, "-p", "KEY=VALUE", as_written=True)
    answer = answers.query(session.catalog, text, given, timeout, max_rows)
    if answer.extra["truncated"]:
        session.say(f"only the first {format_number_of(max_rows or 0, 'row')} of the answer (--max-rows)")
    emit_answer(session, answer, _PEOPLE)


def _stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError("query: stdin is not valid UTF-8") from error


COMMAND: Final = command
