"""What a catalog says, as rows: supply, overlap, duplicates, errors, status, and the answers to queries."""

import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from tokaudit.catalog.completeness import CheckedFiles, checked_files, choose_tokenizer, completeness
from tokaudit.catalog.connection import is_damage, one_line, open_readonly
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.queries import SUPPLY_COLUMNS, shipped_query
from tokaudit.catalog.repeated_inside import much_repeated, repeated_by_domain
from tokaudit.catalog.statements import fetch_one, fetch_rows, fetch_table, statement
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.rows import Row

if TYPE_CHECKING:
    from tokaudit.core.types import Int64


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows and what goes with them.

    Attributes:
        columns: names of the columns in order.
        rows: the rows, in order.
        extra: further fields of the JSON document.
        notes: warnings, one sentence each, such as of input that could not be read or an unfinished ingest.
        remarks: sentences for people, which `extra` says for programs.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    extra: Mapping[str, Any]
    notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def supply(catalog: Path, by: str, tokenizer: str | None, where: str | None = None) -> Answer:
    """The supply by ``domain``, ``source`` or the names of labels, with the total of the whole catalog.

    ``unchecked_files`` says how many files of the catalog no check sums cover.

    Args:
        catalog: the catalog.
        by: what a row stands for.
        tokenizer: the tokenizer to count in; None: the catalog's first.
        where: the condition that documents must meet before they are deduplicated; None: none.

    Raises:
        UsageError: nothing is counted, or not with this tokenizer; there is no such label; or the condition is
            faulty.
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        if where is not None:
            return _filtered_supply(connection, by, name, where)
        complete, notes = _completeness(connection)
        checked = checked_files(connection)
        if by in {"domain", "source"}:
            head: tuple[str, ...] = ("domain", "source") if by == "source" else ("domain",)
            found, total = _derived_supply(connection, by, name)
            repeated = much_repeated(_by_domain(found))
        else:
            from tokaudit.supply.grouped import supply_in_groups  # noqa: PLC0415 - loads the kernels, for this case only

            grouped = supply_in_groups(connection, by, name)
            head, found, total = grouped.keys, grouped.rows, grouped.total
            repeated = much_repeated(repeated_by_domain(connection, name).values())
        extra = {"tokenizer": name, "total": total, "complete": complete, "unchecked_files": checked.unchecked}
        return _answer_supply(head, found, extra, (*notes, *repeated), checked)


def _derived_supply(connection: duckdb.DuckDBPyConnection, by: str, tokenizer: str) -> tuple[list[Row], Row]:
    """The supply by ``domain`` or ``source``, whose duplicates every ingest derives, and that of the whole catalog."""
    parameters = {"by": by, "tokenizer": tokenizer}
    found = fetch_rows(connection, shipped_query("supply"), parameters)
    (apart,) = fetch_rows(connection, statement("counted_only_apart"), parameters)
    total = {column: _sum(found, column) for column in SUPPLY_COLUMNS}
    return found, total | {column: total[column] - more for column, more in apart.items()}


def _sum(rows: list[Row], column: str) -> int | None:
    """The sum of a column; None if it has only nulls."""
    values = [row[column] for row in rows if row[column] is not None]
    return sum(values) if values or not rows else None


def _by_domain(rows: list[Row]) -> Iterator[Row]:
    """The columns of each domain that add up, of rows that stand for domains or sources."""
    for domain in dict.fromkeys(row["domain"] for row in rows):
        of_domain = [row for row in rows if row["domain"] == domain]
        yield {"domain": domain} | {name: _sum(of_domain, name) for name in ("tokens_seen", "tokens_repeated_inside")}


def _filtered_supply(connection: duckdb.DuckDBPyConnection, by: str, tokenizer: str, where: str) -> Answer:
    from tokaudit.supply.filtered import passing_documents  # noqa: PLC0415 - likewise
    from tokaudit.supply.grouped import supply_in_groups  # noqa: PLC0415

    passed = passing_documents(connection, where, tokenizer)
    grouped = supply_in_groups(connection, by, tokenizer, passed.documents)
    head, found, total = grouped.keys, grouped.rows, grouped.total
    complete, notes = _completeness(connection, passed.documents)
    checked = checked_files(connection)
    repeated = much_repeated(_by_domain(found) if "domain" in head else [total])
    extra = {
        "tokenizer": tokenizer,
        "where": where,
        "total": total,
        "complete": complete,
        "unchecked_files": checked.unchecked,
    }
    return _answer_supply(head, found, extra, (*notes, *passed.notes, *repeated), checked)


def _answer_supply(
    head: tuple[str, ...], found: list[Row], extra: Mapping[str, Any], notes: tuple[str, ...], checked: CheckedFiles
) -> Answer:
    columns = (*head, *SUPPLY_COLUMNS)
    kept = [{column: row[column] for column in columns} for row in found]
    return Answer(columns, kept, extra, notes, tuple(checked.remarks()))


def overlap(catalog: Path, by: str, tokenizer: str | None) -> Answer:
    """How much of each domain or source is also in each other one; errors as in `supply`."""
    return _answer_shipped(catalog, "overlap", tokenizer, {"by": by})


def duplicates(catalog: Path, limit: int, tokenizer: str | None) -> Answer:
    """Documents that do not count, those with the most tokens first; ``total`` says how many there are.

    Errors are as in `supply`.
    """
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = _completeness(connection)
        (total,) = fetch_one(connection, "select count(*) from groups where kind <> 'kept'")
        # With the limit in the statement, DuckDB sorts no more than it needs.
        found = connection.sql(shipped_query("duplicates"), params={"tokenizer": name}).limit(limit)
        columns = tuple(found.columns)
        shown = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return Answer(columns, shown, {"tokenizer": name, "complete": complete, "total": total}, notes)


def _answer_shipped(catalog: Path, query: str, tokenizer: str | None, parameters: Mapping[str, Any]) -> Answer:
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = _completeness(connection)
        columns, found = fetch_table(connection, shipped_query(query), {**parameters, "tokenizer": name})
    return Answer(columns, found, {"tokenizer": name, "complete": complete}, notes)


def errors(catalog: Path) -> Answer:
    """One row per bad record or file.

    Raises:
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        complete, notes = _completeness(connection)
        columns, found = fetch_table(connection, shipped_query("errors"), {})
    return Answer(columns, found, {"complete": complete}, notes)


def status(catalog: Path) -> Answer:
    """One row per source, with the tokenizers, the size on disk and whether the numbers are final.

    Raises:
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        complete, notes = _completeness(connection)
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
    """The answer to a shipped query or one SELECT; ``truncated`` says whether rows were cut off.

    Args:
        catalog: the catalog.
        name_or_sql: the query's name, or the SELECT.
        parameters: of the statement, by name.
        timeout: seconds it may take, more than 0; None for no limit.
        most: rows to return at most; None for all.

    Raises:
        UsageError: there is no such query, it is not one SELECT, it has a fault, or its parameters do not fit.
        InputError: it took longer than `timeout` seconds.
    """
    sql = name_or_sql if len(name_or_sql.split()) > 1 else shipped_query(name_or_sql.strip())
    with open_readonly(catalog) as connection:
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
        try:
            with _stopped_after(timeout, connection):
                columns, found = fetch_table(connection, sql, parameters, None if most is None else most + 1)
        except duckdb.InterruptException as error:
            raise InputError(
                f"query: was stopped after {timeout:g} s; a higher --timeout gives it more time"
            ) from error
        except duckdb.Error as error:
            if is_damage(error):
                raise
            raise UsageError(f"query: {one_line(error)}") from error
    truncated = most is not None and len(found) > most
    return Answer(columns, found[:most], {"truncated": truncated}, ())


def _completeness(
    connection: duckdb.DuckDBPyConnection, documents: "Int64 | None" = None
) -> tuple[bool, tuple[str, ...]]:
    """As `completeness`, with a note if there is nothing in the catalog."""
    complete, notes = completeness(connection, documents)
    (empty,) = fetch_one(connection, "select not exists (from sources)")
    return complete, (*notes, _EMPTY) if empty else notes


_EMPTY: Final = "the catalog is empty; `tokaudit ingest PATH --domain NAME` counts text into it"


@contextmanager
def _stopped_after(seconds: float | None, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt the statement that runs inside after this many seconds; None for never."""
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
"""Seconds between interrupts: one is lost on a statement that has not begun."""
