"""What ``tokaudit query`` lists, and what it reads from stdin."""

import sys
from collections.abc import Mapping
from dataclasses import asdict

from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.reports.protocol import ForPeople, Table


def list_of_queries() -> Table:
    """The shipped queries, with a row for each."""
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


def sql_of_query(name: str, parameters: Mapping[str, str]) -> Row:
    """The document with the SQL of a shipped query."""
    from tokaudit.catalog.queries import query_sql

    return {"query": name.strip(), "text": query_sql(name, parameters)}


def query_from_stdin() -> str:
    """The name or the SELECT that stdin has.

    Raises:
        UsageError: it is not valid UTF-8.
    """
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError("query: stdin is not valid UTF-8") from error
