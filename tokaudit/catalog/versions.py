"""The schema version of a catalog, and whether this tokaudit can read it."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.statements import fetch_one
from tokaudit.core.errors import CatalogError
from tokaudit.core.resources import shipped

_MIGRATED: Final = """
select count(*) > 0 from duckdb_columns()
where schema_name = 'store' and table_name = 'migrations' and column_name = 'migration' and data_type = 'INTEGER'"""
_OPTIONAL: Final = "-- optional: "
_EMPTY: Final = """
select (select count(*) from duckdb_tables()) + (select count(*) from duckdb_views() where not internal)
     + (select count(*) from duckdb_schemas() where not internal) + (select count(*) from duckdb_sequences())
     + (select count(*) from duckdb_functions() where not internal)
     + (select count(*) from duckdb_types() where not internal) = 0"""


def migrations() -> list[tuple[int, Path]]:
    """Number and file of each migration, in order."""
    files = sorted((shipped("catalog") / "schema").glob("[0-9]*.sql"))
    return [(int(file.name.partition("_")[0]), file) for file in files]


def newest_needed() -> int:
    """Number of the newest migration that a catalog must have to be read; later ones only add what is optional.

    A migration is optional if its first line says so. Reading then takes the tables that it adds as empty.
    """
    return max(number for number, file in migrations() if not _is_optional(file))


def _is_optional(file: Path) -> bool:
    with file.open(encoding="utf-8") as lines:
        return lines.readline().startswith(_OPTIONAL)


def optional_migrations(applied: int) -> list[Path]:
    """The files of the optional migrations after this number, in order."""
    return [file for number, file in migrations() if number > applied and _is_optional(file)]


def has_migration(applied: int, name: str) -> bool:
    """Whether a catalog with this newest migration has the one of this name."""
    return any(number <= applied and file.stem.endswith(f"_{name}") for number, file in migrations())


def newest_migration(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Number of the newest migration; None if the file does not look like a catalog.

    `applied_migration` looks closely, and takes 15 ms more. Call this outside a transaction: finding none would end it.
    """
    with suppress(duckdb.CatalogException, duckdb.BinderException):
        (newest,) = fetch_one(connection, "select max(migration) from store.migrations")
        return newest if isinstance(newest, int) else None
    return None


def applied_migration(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Number of the newest migration in a catalog; 0 for an empty database, None for another program's."""
    if fetch_one(connection, _MIGRATED) == (True,):
        return int(fetch_one(connection, "select max(migration) from store.migrations")[0] or 0)
    return 0 if fetch_one(connection, _EMPTY) == (True,) else None


def storage_version(connection: duckdb.DuckDBPyConnection) -> str:
    """The oldest DuckDB whose storage the file is written in, as ``v1.2.0``; DuckDB itself says ``v1.0.0+`` of some."""
    sql = "select tags['storage_version'] from duckdb_databases() where database_name = current_database()"
    (version,) = fetch_one(connection, sql)
    return str(version).rstrip("+")


def check_version(path: Path, applied: int | None) -> int:
    """The number of the newest migration in the catalog, once checked against this tokaudit.

    Raises:
        CatalogError: it is not a catalog, or was made by a newer tokaudit.
    """
    newest = migrations()[-1][0]
    if applied is None:
        raise CatalogError(f"{path}: is a DuckDB database, but not a tokaudit catalog; use another --catalog")
    if applied > newest:
        raise CatalogError(
            f"{path}: was made by a newer tokaudit (schema {applied}, this one knows {newest}); upgrade tokaudit"
        )
    return applied
