"""Rewriting a catalog in the schema and the storage version of new ones; it is the old or the new file, never less."""

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.connection import open_of_any_schema, opened_to_copy
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.faults import has_damaged_block, one_line
from tokaudit.catalog.layout import upgrade_folder
from tokaudit.catalog.lock_down import STORAGE_VERSION
from tokaudit.catalog.statements import fetch_one, statement
from tokaudit.catalog.versions import applied_migration, check_version, storage_version
from tokaudit.core.errors import CatalogError
from tokaudit.core.sync import sync_file, sync_folder

_MOST_BYTES: Final = "select 3 * 4096 + block_size * total_blocks from pragma_database_size()"  # behind three headers
_HAS_SHIPPED: Final = "select count(*) from duckdb_tables() where schema_name = 'store' and table_name = 'shipped'"
_TABLES: Final = "select schema_name, table_name from duckdb_tables() where database_name = $database order by all"
_SUM: Final = "select count(*), sum(hash(t)) from query_table($table) t"


@dataclass(frozen=True, slots=True)
class State:
    """How a catalog is written.

    Attributes:
        storage: the oldest DuckDB whose storage it is written in, as ``v1.2.0``.
        schema: number of its newest migration; 0 for an empty database.
        shipped: name and hash of the views and published facts in it, in order.
        size: bytes of the file.
    """

    storage: str
    schema: int
    shipped: tuple[tuple[str, str], ...]
    size: int


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The catalog before and after."""

    before: State
    after: State

    @property
    def changed(self) -> bool:
        """Whether anything was to be done."""
        old, new = self.before, self.after
        return (old.storage, old.schema, old.shipped) != (new.storage, new.schema, new.shipped)


def upgrade(path: Path) -> Upgrade:
    """Bring a catalog to the schema, views, published facts and storage version of new ones.

    Whatever else is in the file stays, such as tables of the user. It may be killed at any moment. Readers keep the
    file that they have opened.

    Raises:
        CatalogError: there is no catalog; it was made by a newer tokaudit, is being written to, or can't be written.
            It is then as it was, or its schema is already renewed.
    """
    before = _state(path)
    with exclusive_writer(path) as file:
        if before.storage != STORAGE_VERSION:
            rewrite(file)
    return Upgrade(before, _state(path))


def _state(path: Path) -> State:
    with open_of_any_schema(path) as connection:
        schema = check_version(path, applied_migration(connection))
        shipped = "select name, sha256 from store.shipped order by all"
        has_shipped = fetch_one(connection, _HAS_SHIPPED) == (1,)
        if path.stat().st_size < fetch_one(connection, _MOST_BYTES)[0]:
            _read_all(connection)
        return State(
            storage=storage_version(connection),
            schema=schema,
            shipped=tuple(connection.execute(shipped).fetchall()) if has_shipped else (),
            size=path.stat().st_size,
        )


def _read_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every table of a file that is shorter than all its blocks: DuckDB fails if one that it uses is missing.

    DuckDB may cut off free blocks at the end of a file.
    """
    (database,) = fetch_one(connection, "select current_database()")
    for place, name in connection.execute(_TABLES, {"database": database}).fetchall():
        connection.execute(_SUM, {"table": _quoted(database, place, name)})


def rewrite(path: Path) -> None:
    """Copy the catalog into a new file without free blocks, and put that in its place once it contains the same.

    The caller holds `exclusive_writer`, and has no connection open.

    Raises:
        CatalogError: the file can't be written; the catalog is as it was.
    """
    folder = upgrade_folder(path)
    new = folder / "catalog.duckdb"
    try:
        folder.mkdir(mode=0o700)  # what is in the catalog is for those who may read it
        with opened_to_copy(path, new) as connection:
            connection.execute("copy from database old to new")
            _check_same(path, connection)
            connection.execute("detach new")
            if sys.platform == "win32":  # which replaces no open file; elsewhere nobody may write to it until then
                connection.close()
            _replace(path, new)
    except (duckdb.Error, OSError) as error:
        why = one_line(error) if isinstance(error, duckdb.Error) else error.strerror or error
        remedy = "restore a backup" if has_damaged_block(error) else "check disk space and permissions"
        raise CatalogError(f"{path}: can't be rewritten ({why}); it is as it was; {remedy}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_same(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Compare what both files contain: definitions, comments, and the number and hashes of the rows of each table.

    Raises:
        CatalogError: they differ.
    """
    contents = statement("contents_of_database")
    old, new = (connection.execute(contents, {"name": name}).fetchall() for name in ("old", "new"))
    differs = next((f"{kind} {place}.{name}" for kind, place, name, *_ in sorted(set(old) ^ set(new), key=repr)), None)
    for place, name in connection.execute(_TABLES, {"database": "old"}).fetchall():
        rows = [fetch_one(connection, _SUM, {"table": _quoted(each, place, name)}) for each in ("old", "new")]
        if rows[0] != rows[1]:
            differs = f"table {place}.{name}"
    if differs:
        raise CatalogError(
            f"{path}: can't be rewritten without loss: the copy differs in {differs};"
            " drop that, or go on with the catalog as it is"
        )


def _quoted(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _replace(path: Path, new: Path) -> None:
    """Put the new file in the place of the catalog, with its owner and permissions, once it is on disk."""
    known = path.stat()
    if sys.platform != "win32":
        with suppress(PermissionError):  # only root may give a file away
            os.chown(new, known.st_uid, known.st_gid)
    shutil.copymode(path, new)
    sync_file(new)
    sync_folder(new.parent)
    if Path(f"{path}.wal").exists():  # it would be applied to the new file
        raise CatalogError(f"{path}: what was written to it last is not in the file yet; run the upgrade again")
    new.replace(path)
    sync_folder(path.parent)
