"""What a catalog says, as rows: supply, overlap, duplicates, errors and status."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from tokaudit.audit.answer import Answer
from tokaudit.catalog.completeness import CheckedFiles, checked_files, choose_tokenizer, completeness
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.queries import SUPPLY_COLUMNS, shipped_query
from tokaudit.catalog.repeated_inside import much_repeated, repeated_by_domain
from tokaudit.catalog.row_files import found_row_files
from tokaudit.catalog.statements import column_types, fetch_one, fetch_rows, fetch_table, statement
from tokaudit.catalog.unfinished import unfinished, unfinished_upgrade
from tokaudit.core.rows import Row

if TYPE_CHECKING:
    from tokaudit.core.types import Int64


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
        complete, notes = completeness_or_empty(connection)
        checked = checked_files(connection)
        if by in {"domain", "source"}:
            head: tuple[str, ...] = ("domain", "source") if by == "source" else ("domain",)
            found, total = derived_supply(connection, by, name)
            repeated = much_repeated(_by_domain(found))
        else:
            from tokaudit.supply.grouped import supply_in_groups  # noqa: PLC0415 - loads the kernels, for this case only

            grouped = supply_in_groups(connection, by, name)
            head, found, total = grouped.keys, grouped.rows, grouped.total
            repeated = much_repeated(repeated_by_domain(connection, name).values())
        extra = {"tokenizer": name, "total": total, "complete": complete, "unchecked_files": checked.unchecked}
        return _answer_supply(head, found, extra, (*notes, *repeated), checked)


def derived_supply(connection: duckdb.DuckDBPyConnection, by: str, tokenizer: str) -> tuple[list[Row], Row]:
    """The supply by ``domain`` or ``source``, whose duplicates every ingest derives, and that of the whole catalog."""
    parameters = {"by": by, "tokenizer": tokenizer}
    found = fetch_rows(connection, shipped_query("supply").sql, parameters)
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
    complete, notes = completeness_or_empty(connection, passed.documents)
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
    types = ("VARCHAR",) * len(head) + ("BIGINT",) * len(SUPPLY_COLUMNS)
    return Answer(columns, kept, extra, notes, tuple(checked.remarks()), types)


def overlap(catalog: Path, by: str, tokenizer: str | None) -> Answer:
    """How much of each domain or source is also in each other one; errors as in `supply`."""
    return _answer_shipped(catalog, "overlap", tokenizer, {"by": by})


def duplicates(catalog: Path, limit: int | None, tokenizer: str | None) -> Answer:
    """Documents that do not count, those with the most tokens first; ``total`` says how many there are.

    Args:
        catalog: the catalog.
        limit: rows to return at most; None for all.
        tokenizer: as in `supply`, as the errors are.
    """
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = completeness_or_empty(connection)
        (total,) = fetch_one(connection, "select count(*) from groups where kind <> 'kept'")
        # With the limit in the statement, DuckDB sorts no more than it needs.
        found = connection.sql(shipped_query("duplicates").sql, params={"tokenizer": name})
        found = found if limit is None else found.limit(limit)
        columns, types = tuple(found.columns), tuple(map(str, found.types))
        shown = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return Answer(columns, shown, {"tokenizer": name, "complete": complete, "total": total}, notes, types=types)


def _answer_shipped(catalog: Path, query: str, tokenizer: str | None, parameters: Mapping[str, Any]) -> Answer:
    with open_readonly(catalog) as connection:
        name = choose_tokenizer(connection, tokenizer)
        complete, notes = completeness_or_empty(connection)
        columns, found = fetch_table(connection, shipped_query(query).sql, {**parameters, "tokenizer": name})
        types = column_types(connection)
    return Answer(columns, found, {"tokenizer": name, "complete": complete}, notes, types=types)


def errors(catalog: Path) -> Answer:
    """One row per bad record or file.

    Raises:
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        complete, notes = completeness_or_empty(connection)
        columns, found = fetch_table(connection, shipped_query("errors").sql, {})
        types = column_types(connection)
    return Answer(columns, found, {"complete": complete}, notes, types=types)


def status(catalog: Path) -> Answer:
    """One row per source, with the tokenizers, the size on disk, what is ``unfinished``, and if the numbers are final.

    Raises:
        CatalogError: the catalog can't be read.
    """
    with open_readonly(catalog) as connection:
        complete, notes = completeness_or_empty(connection)
        columns, found = fetch_table(connection, shipped_query("sources").sql, {})
        types = column_types(connection)
        tokenizers = fetch_rows(connection, "select tokenizer, vocabulary_sha256, counter from tokenizers order by all")
        (last,) = fetch_one(connection, "select max(finished) from ingests")
        work = unfinished(connection)
    upgrades = unfinished_upgrade(catalog)
    next_to = (*parts_folder(catalog).glob("*.signatures"), *found_row_files(catalog))
    size = catalog.stat().st_size + sum(file.stat().st_size for file in next_to)
    extra = {
        "catalog": str(catalog),
        "catalog_bytes": size,
        "tokenizers": tokenizers,
        "last_ingest": last,
        "complete": complete,
        "unfinished": [each.document() for each in (*work, *upgrades)],
    }
    return Answer(columns, found, extra, (*notes, *(each.words() for each in upgrades)), types=types)


def completeness_or_empty(
    connection: duckdb.DuckDBPyConnection, documents: "Int64 | None" = None
) -> tuple[bool, tuple[str, ...]]:
    """As `completeness`, with a note if there is nothing in the catalog."""
    complete, notes = completeness(connection, documents)
    (empty,) = fetch_one(connection, "select not exists (from sources)")
    return complete, (*notes, _EMPTY) if empty else notes


_EMPTY: Final = "the catalog is empty; `tokaudit ingest PATH --domain NAME` counts text into it"
