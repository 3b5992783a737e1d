"""What a catalog says: supply, overlap, duplicates, errors, free queries, as rows."""

import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from tokaudit.catalog.completeness import choose_tokenizer, completeness
from tokaudit.catalog.connection import is_damage, one_line, open_readonly
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.queries import SUPPLY_COLUMNS, shipped_query
from tokaudit.catalog.statements import fetch_one, fetch_rows, fetch_table, statement
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.rows import Row


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows and what goes with them.

    Attributes:
        columns: names of the columns in order.
        extra: further fields of the JSON document.
        notes: what the reader must know: input that could not be read, an ingest that is not finished.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    extra: Mapping[str, Any]
    notes: tuple[str, ...]


def supply(catalog: Path, by: str, tokenizer: str | None) -> Answer:
    """Supply by ``domain``, ``source`` or the name of a label, with the total of the whole catalog beside."""
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = completeness(connection)
        scope = by if by in {"domain", "source"} else "domain"
        found = fetch_rows(connection, shipped_query("supply"), {"by": scope, "tokenizer": name})
        (apart,) = fetch_rows(connection, statement("counted_only_apart"), {"by": scope, "tokenizer": name})
        total = {column: sum(row[column] for row in found) - apart.get(column, 0) for column in SUPPLY_COLUMNS}
        head: tuple[str, ...] = ("domain", "source") if by == "source" else (by,)
        if by != scope:
            from tokaudit.audit.supply_by_label import supply_by_label  # noqa: PLC0415 - kernels, which no other needs

            found = supply_by_label(connection, by, name)
    columns = (*head, *SUPPLY_COLUMNS)
    kept = [{column: row[column] for column in columns} for row in found]
    return Answer(columns, kept, {"tokenizer": name, "total": total, "complete": complete}, notes)


def overlap(catalog: Path, by: str, tokenizer: str | None) -> Answer:
    """How much of each domain or source is in each other one."""
    return _answer_shipped(catalog, "overlap", tokenizer, {"by": by})


def duplicates(catalog: Path, limit: int, tokenizer: str | None) -> Answer:
    """Documents that do not count, those with most tokens first; ``total`` beside says how many there are."""
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = completeness(connection)
        (total,) = fetch_one(connection, "select count(*) from groups where kind <> 'kept'")
        # The limit as part of the statement: DuckDB then sorts no more than it needs.
        found = connection.sql(shipped_query("duplicates"), params={"tokenizer": name}).limit(limit)
        columns = tuple(found.columns)
        shown = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return Answer(columns, shown, {"tokenizer": name, "complete": complete, "total": total}, notes)


def _answer_shipped(catalog: Path, query: str, tokenizer: str | None, parameters: Mapping[str, Any]) -> Answer:
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = completeness(connection)
        columns, found = fetch_table(connection, shipped_query(query), {**parameters, "tokenizer": name})
    return Answer(columns, found, {"tokenizer": name, "complete": complete}, notes)


def errors(catalog: Path) -> Answer:
    """Every bad record and file."""
    with open_readonly(catalog) as connection:
        complete, notes = completeness(connection)
        columns, found = fetch_table(connection, shipped_query("errors"), {})
    return Answer(columns, found, {"complete": complete}, notes)


def status(catalog: Path) -> Answer:
    """One row a source; tokenizers, size on disk and whether the numbers are final beside."""
    with open_readonly(catalog) as connection:
        complete, notes = completeness(connection)
        columns, found = fetch_table(connection, shipped_query("sources"), {})
        tokenizers = fetch_rows(connection, "select tokenizer, vocabulary_sha256, counter from tokenizers order by all")
        (last,) = fetch_one(connection, "select max(finished) from ingests")
    parts = parts_folder(catalog)
    size = catalog.stat().st_size + sum(file.stat().st_size for file in parts.glob("*.signatures"))
    extra = {
        "catalog": str(catalog),
        "catalog_bytes": size,
        "tokenizers": tokenizers,
        "last_ingest": last,
        "complete": complete,
    }
    return Answer(columns, found, extra, notes)


def query(
    catalog: Path, name_or_sql: str, parameters: Mapping[str, str], timeout: float | None, most: int | None
) -> Answer:
    """The answer to a shipped query or one SELECT, at most so many rows of it (then ``truncated`` is true).

    Args:
        catalog: the catalog.
        name_or_sql: the query's name, or the SELECT.
        parameters: of the statement, by name.
        timeout: seconds it may take; None: any number.
        most: rows to give; None: all.

    Raises:
        UsageError: no such query, not one SELECT, a fault in it, or parameters that do not fit.
        InputError: it took longer than `timeout` seconds.
    """
    if timeout is not None and math.isnan(timeout):
        raise UsageError("--timeout nan: give seconds")
    sql = name_or_sql if len(name_or_sql.split()) > 1 else shipped_query(name_or_sql.strip())
    with open_readonly(catalog) as connection:
        try:
            statements = connection.extract_statements(sql)
        except duckdb.Error as error:
            raise UsageError(f"query: {one_line(error)}") from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("query: give the name of a shipped query or exactly one SELECT")
        wanted = set(statements[0].named_parameters)
        if wanted != set(parameters):
            raise UsageError(
                f"query: parameters given: {', '.join(sorted(parameters)) or 'none'}; wanted:"
                f" {', '.join(sorted(wanted)) or 'none'} (-p KEY=VALUE)"
            )
        try:
            with _stopped_after(timeout, connection):
                columns, found = fetch_table(connection, sql, parameters, None if most is None else most + 1)
        except duckdb.InterruptException as error:
            raise InputError(f"query: took longer than {timeout:g} s (--timeout)") from error
        except duckdb.Error as error:
            if is_damage(error):
                raise
            raise UsageError(f"query: {one_line(error)}") from error
    truncated = most is not None and len(found) > most
    return Answer(columns, found[:most], {"truncated": truncated}, ())


@contextmanager
def _stopped_after(seconds: float | None, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt the statement that is run meanwhile once so many seconds have passed; None: never."""
    done = threading.Event()

    def watch(pause: float) -> None:
        while not done.wait(pause):
            connection.interrupt()
            pause = _INTERRUPT_AGAIN

    most = min(math.inf if seconds is None else seconds, threading.TIMEOUT_MAX)
    watching = threading.Thread(target=watch, args=[most], daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


_INTERRUPT_AGAIN: Final = 0.05
"""Seconds; an interrupt is lost on a statement that has not begun."""
