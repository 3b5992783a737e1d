"""The answer to a shipped query, or to one SELECT of the user."""

import math
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final, TypeVar

import duckdb

from tokaudit.audit.answers import Answer
from tokaudit.catalog.completeness import without_tokens
from tokaudit.catalog.connection import open_in_memory, open_readonly
from tokaudit.catalog.faults import is_damage, one_line
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.statements import column_types, fetch_table
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.errors import InputError, UsageError

T = TypeVar("T")


def answer_query(
    catalog: Path, name_or_sql: str, parameters: Mapping[str, Any], timeout: float | None, most: int | None
) -> Answer:
    """The answer to a shipped query or one SELECT; ``truncated`` says whether rows were cut off.

    ``complete`` says whether the catalog's numbers are final, whatever the query reads of it. The notes say what is not
    finished, and which sources lack the tokenizer of a shipped query.

    Args:
        catalog: the catalog.
        name_or_sql: the query's name, or the SELECT.
        parameters: values by name. Those of a shipped query have defaults, and text is converted to their types.
        timeout: seconds it may take, more than 0; None for no limit.
        most: rows to return at most; None for all.

    Raises:
        UsageError: there is no such query, it is not one SELECT, it has a fault, or its parameters do not fit.
        InputError: it took longer than `timeout` seconds.
    """
    shipped = None if is_sql(name_or_sql) else shipped_query(name_or_sql.strip())
    with open_readonly(catalog) as connection:
        if shipped:
            sql, values = shipped.sql, shipped.values(connection, parameters)
        else:
            sql, values = name_or_sql, dict(parameters)
            _check_select(connection, sql, values)
        try:
            notes = [work.words() for work in unfinished(connection)]
            complete = not notes
            if shipped and "tokenizer" in values:
                notes += without_tokens(connection, values["tokenizer"])
            rows = None if most is None else most + 1
            columns, found = _stoppable(lambda: fetch_table(connection, sql, values, rows), timeout, connection)
            types = column_types(connection)
        except duckdb.InterruptException as error:
            raise InputError(
                f"query: was stopped after {timeout:g} s; a higher --timeout gives it more time"
            ) from error
        except duckdb.Error as error:
            if is_damage(error):
                raise
            raise UsageError(f"query: {one_line(error)}") from error
    truncated = most is not None and len(found) > most
    return Answer(columns, found[:most], {"truncated": truncated, "complete": complete}, tuple(notes), types=types)


def is_sql(name_or_sql: str) -> bool:
    """Whether it is a statement, rather than the name of a shipped query."""
    return len(name_or_sql.split()) > 1


def query_sql(name: str, parameters: Mapping[str, Any]) -> str:
    """The SQL of a shipped query, with these values or the defaults for its parameters; it runs in any DuckDB client.

    Raises:
        UsageError: there is no such query, or its parameters do not fit.
    """
    if is_sql(name):
        raise UsageError("query: --sql prints the SQL of a shipped query; give a name (see `tokaudit query --list`)")
    with open_in_memory() as connection:
        return shipped_query(name.strip()).filled(connection, parameters)


def _check_select(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> None:
    """Return if it is one SELECT with exactly these parameters.

    Raises:
        UsageError: it is not.
    """
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"query: {one_line(error)}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("query: give the name of a shipped query (`tokaudit query --list`) or exactly one SELECT")
    wanted = set(statements[0].named_parameters)
    if wanted != set(parameters):
        got = ", ".join(sorted(parameters)) or "none"
        if not wanted:
            raise UsageError(f"query: takes no parameters, but got {got}; leave out -p")
        needed = " and ".join(f"-p {name}=VALUE" for name in sorted(wanted))
        raise UsageError(f"query: needs {needed}, but got {got}")


def _stoppable(action: Callable[[], T], seconds: float | None, connection: duckdb.DuckDBPyConnection) -> T:
    """The result of an action that asks DuckDB, and that is interrupted after this many seconds; None: never.

    It gets a thread of its own: DuckDB hears of Ctrl-C only at times in the thread where it works, and this one waits.
    """
    most = min(math.inf if seconds is None else seconds, threading.TIMEOUT_MAX)
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(action)
        try:
            wait([found], most)
        finally:
            while not found.done():
                connection.interrupt()
                wait([found], _INTERRUPT_AGAIN)
    return found.result()


_INTERRUPT_AGAIN: Final = 0.05
"""Seconds between interrupts: one is lost on a statement that has not begun."""
