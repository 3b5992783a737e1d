"""Whether all tables of a catalog can be read, before hours go into adding to it."""

from pathlib import Path
from typing import Final

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.faults import has_damaged_block, one_line
from tokaudit.catalog.reference.tables import REFERENCE_TABLES
from tokaudit.catalog.row_files import check_hashes
from tokaudit.core.errors import CatalogError

_TABLES: Final = """
select 'store.' || table_name from duckdb_tables() where schema_name = 'store' and estimated_size > 0 order by all"""
"""Tables with rows, also deleted ones: the others have no blocks."""
_READ: Final = "select sum(hash(t)) from query_table($table) t"


def check_tables(catalog: Path) -> None:
    """Read every value of every table once: DuckDB then compares each block with its check sum. Row files are hashed.

    It takes 0.3 seconds of processor time per million documents (0.24 to 0.30 s for a catalog of a million documents
    with two labels each, 47 MB, on two cores), so it is done only if there is something to count.

    Raises:
        CatalogError: a table or a row file can't be read; the message says which, and which tables can.
    """
    with open_readonly(catalog) as connection:
        tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
    try:
        with open_readonly(catalog) as connection:
            for name in tables:
                connection.execute(_READ, {"table": name})
            check_hashes(connection, catalog)
    except CatalogError as error:
        if _damage(error) is None:
            raise
    else:
        return
    failed = {name: why for name in tables if (why := _damage_of(catalog, name)) is not None}
    if failed:
        own = sorted(set(tables) - set(failed) - {f"store.{table.name}" for table in REFERENCE_TABLES})
        left = f'; still readable, by `tokaudit query "from {own[0]}"` and alike: {", ".join(own)}' if own else ""
        raise CatalogError(
            f"{catalog}: is damaged: can't read {', '.join(failed)} ({next(iter(failed.values()))}); restore a backup,"
            f" or count into another --catalog{left}"
        )


def _damage_of(catalog: Path, table: str) -> str | None:
    """Why a table can't be read; None if it can be."""
    try:
        with open_readonly(catalog) as connection:  # one for each table: an error ends a transaction
            connection.execute(_READ, {"table": table})
    except CatalogError as error:
        return _damage(error) or str(error)
    return None


def _damage(error: CatalogError) -> str | None:
    """Words of DuckDB if a block is damaged; None if it is another fault."""
    cause = error.__cause__
    return one_line(cause) if isinstance(cause, Exception) and has_damaged_block(cause) else None
