"""``tokaudit query``: a shipped query or one SELECT, on a connection that reaches only the catalog."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_queries
from tokaudit.cli.number_types import Seconds, WholeNumber
from tokaudit.cli.output import emit, emit_answer, emit_document
from tokaudit.cli.session import Session
from tokaudit.cli.shipped_queries import list_of_queries, query_from_stdin, sql_of_query
from tokaudit.core.errors import UsageError
from tokaudit.core.option_bounds import MOST_ROWS
from tokaudit.core.units import format_number_of, parse_pairs, parse_size
from tokaudit.reports.protocol import ForPeople

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
@click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="Value of a parameter; may be repeated.")
@click.option("--list", "show", is_flag=True, help="List the shipped queries, their questions and parameters.")
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL of a shipped query, with the parameters filled in.")
@click.option("--timeout", type=Seconds(), metavar="SECONDS", help="Stop the query after this time.")
@click.option("--max-rows", type=WholeNumber(0, MOST_ROWS), metavar="N", help="Write at most this many rows.")
@click.option("--memory", default="2GiB", show_default=True, metavar="SIZE", help="Memory for query and answer.")
@click.pass_obj
def command(
    session: Session,
    query: str | None,
    parameters: tuple[str, ...],
    show: bool,
    as_sql: bool,
    timeout: float | None,
    max_rows: int | None,
    memory: str,
) -> None:
    """Run a shipped query by name, or one SELECT.

    `-` reads the name or the SELECT from stdin. SQL reaches only the catalog: no file, network or extension.
    """
    if show:
        emit(session, list_of_queries())
        return
    if query is None:
        raise UsageError(
            "query: give the name of a shipped query, one SELECT, or -; `tokaudit query --list` lists the names"
        )
    text = query_from_stdin() if query == "-" else query
    given = parse_pairs(parameters, "-p", "KEY=VALUE", as_written=True)
    if as_sql:
        emit_document(session, sql_of_query(text, given))
        return
    from tokaudit.audit.queries import QueryLimits, answer_query

    limits = QueryLimits(timeout, max_rows, parse_size(memory, "--memory"))
    answer = answer_query(session.catalog, text, given, limits)
    if answer.extra["truncated"]:
        session.say(f"only the first {format_number_of(max_rows or 0, 'row')} of the answer (--max-rows)")
    emit_answer(session, answer, _PEOPLE)


COMMAND: Final = command
