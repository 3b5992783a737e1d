"""``tokaudit query``: a shipped query or one SELECT, on a connection that reaches only the catalog."""

import sys
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_queries, complete_query_parameters
from tokaudit.cli.number_types import MOST_ROWS, Seconds, WholeNumber
from tokaudit.cli.output import emit, emit_answer, emit_document
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
        "tokaudit query supply -p by=source",
        "tokaudit query length_bands --sql",
        'tokaudit query "select domain, sum(bytes) from documents group by domain"',
    ),
    surplus="query: SQL must be one argument; put it in quotes, because the shell splits it at blanks and expands `*`."
    " A parameter of a shipped query is given as -p KEY=VALUE",
)
@click.argument("query", required=False, metavar="NAME|SQL|-", shell_complete=complete_queries)
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Parameter of the query, instead of its default; may be repeated.",
    shell_complete=complete_query_parameters,
)
@click.option("--list", "show", is_flag=True, help="List the shipped queries, their questions and parameters.")
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL of a shipped query, with the parameters filled in.")
@click.option("--timeout", type=Seconds(), metavar="SECONDS", help="Stop the query after this time.")
@click.option("--max-rows", type=WholeNumber(0, MOST_ROWS), metavar="N", help="Write at most this many rows.")
@click.pass_obj
def command(
    session: Session,
    query: str | None,
    parameters: tuple[str, ...],
    show: bool,
    as_sql: bool,
    timeout: float | None,
    max_rows: int | None,
) -> None:
    """Run a shipped query by name, or one SELECT.

    `-` reads the name or the SELECT from stdin. SQL reaches only the catalog: no file, network or extension.
    """
    from tokaudit.audit import answers

    if show:
        emit(session, _list())
        return
    if query is None:
        raise UsageError(
            "query: give the name of a shipped query, one SELECT, or -; `tokaudit query --list` lists the names"
        )
    text = _stdin() if query == "-" else query
    given = parse_pairs(parameters, "-p", "KEY=VALUE", as_written=True)
    if as_sql:
        emit_document(session, {"query": text.strip(), "text": answers.query_sql(text, given)})
        return
    answer = answers.query(session.catalog, text, given, timeout, max_rows)
    if answer.extra["truncated"]:
        session.say(f"only the first {format_number_of(max_rows or 0, 'row')} of the answer (--max-rows)")
    emit_answer(session, answer, _PEOPLE)


def _list() -> Table:
    """The shipped queries, with a row for each."""
    from dataclasses import asdict

    from tokaudit.catalog.queries import QueryParameter, shipped_queries

    listed = [
        {
            "query": each.name,
            "question": each.question,
            "parameters": list(map(asdict, each.parameters)),
            "returns": [{"name": name, "type": kind} for name, kind in each.returns],
            "notes": each.notes,
        }
        for each in shipped_queries().values()
    ]
    people = ForPeople(
        columns=("query", "question", "parameters"),
        words={"parameters": lambda found: "; ".join(QueryParameter(**each).short for each in found)},
        prose=("question", "parameters"),
        keep=("query", "question", "parameters"),
    )
    return Table(tuple(listed[0]), listed, {"warnings": []}, people=people)


def _stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError("query: stdin is not valid UTF-8") from error


COMMAND: Final = command
