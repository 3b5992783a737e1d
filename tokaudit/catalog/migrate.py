"""Creating a catalog, and upgrading one to this tokaudit: its schema, views and published facts."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb

from tokaudit import __version__
from tokaudit.catalog.connection import open_in_memory, utc_now, write_transaction
from tokaudit.catalog.faults import unwritten
from tokaudit.catalog.layout import upgrade_folder
from tokaudit.catalog.lock_down import STORAGE_VERSION
from tokaudit.catalog.reference.tables import REFERENCE_TABLES
from tokaudit.catalog.row_files import check_row_files, renew_row_views
from tokaudit.catalog.shipped_views import shipped_digest, views_sql
from tokaudit.catalog.statements import with_incoming
from tokaudit.catalog.versions import applied_migration, check_version, migrations
from tokaudit.core.cache import read_cache, write_cache
from tokaudit.core.sync import sync_file, sync_folder

_LARGEST_EMPTY_BYTES: Final = 64_000_000
"""A larger file is not looked into: an empty catalog has some 5 MB."""
_RECIPE: Final = "2"  # to be raised when the same files make a different catalog


def migrate(path: Path) -> None:
    """Upgrade the schema, record each migration in a row, and renew the views and published facts; all or nothing.

    A new catalog starts as a copy of an empty one, which is made once (0.2 s) and kept in the cache.

    Raises:
        CatalogError: it is not a catalog, was made by a newer tokaudit, or can't be written.
    """
    try:
        is_new = not path.exists() or _holds_nothing(path)
        if is_new:
            _make(path)
    except OSError as error:
        raise unwritten(path, error) from error
    with write_transaction(path) as connection:
        _bring_up(path, connection)
        if (cut_off := upgrade_folder(path)).exists():  # and the file is a catalog, so that the folder is ours
            shutil.rmtree(cut_off)
        if is_new:
            connection.execute("update store.migrations set applied = ?", [utc_now()])


@contextmanager
def new_catalog_in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new empty catalog that is in no file."""
    with open_in_memory() as connection:
        _bring_up(Path("a new catalog"), connection)
        yield connection


def _make(path: Path) -> None:
    """Create an empty catalog at the path, complete or not at all."""
    made = path.with_name(f"{path.name}.tokaudit-new")
    rests = made, Path(f"{made}.wal")
    for rest in (*rests, Path(f"{path}.wal")):  # of a run that was cut off, or a deleted catalog
        rest.unlink(missing_ok=True)
    try:
        _fill(made)
        sync_file(made)
        made.replace(path)
        sync_folder(path.parent)
    except BaseException:
        for rest in rests:
            with suppress(OSError):
                rest.unlink(missing_ok=True)
        raise


def _fill(made: Path) -> None:
    """Write an empty catalog to a new file."""
    key = _empty_catalog_key()
    if (kept := read_cache(key)) is not None:
        made.write_bytes(kept)
    else:
        with write_transaction(made) as connection:
            _bring_up(made, connection)
        write_cache(key, made.read_bytes())


def _holds_nothing(path: Path) -> bool:
    """Whether a file has no bytes, or only zeros: what a crash leaves of a file whose content was not on disk yet."""
    if not path.is_file() or path.stat().st_size > _LARGEST_EMPTY_BYTES:
        return False
    return not path.read_bytes().strip(b"\0")


def _empty_catalog_key() -> str:
    """A key of all that decides the bytes of an empty catalog."""
    files = [
        *(file.read_bytes() for _, file in migrations()),
        views_sql(),
        *(table.content() for table in REFERENCE_TABLES),
    ]
    digests = b"".join(hashlib.sha256(content).digest() for content in files)
    made_by = f"{__version__} DuckDB {duckdb.__version__} {STORAGE_VERSION}"
    return f"empty catalog {_RECIPE} {made_by} {hashlib.sha256(digests).hexdigest()}"


def _bring_up(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Apply the missing migrations, and renew the views and tables that differ from those of this tokaudit."""
    applied = check_version(path, applied_migration(connection))
    for number, file in migrations():
        if number > applied:
            connection.execute(file.read_text(encoding="utf-8"))
            connection.execute(
                "create table if not exists store.migrations"
                " (migration integer primary key, name varchar, version varchar, applied timestamp)"
            )
            connection.execute(
                "insert into store.migrations (migration, name, version, applied) values (?, ?, ?, ?)",
                [number, file.stem, __version__, utc_now()],
            )
    check_row_files(connection, path)
    _refresh(connection)


def _refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Renew the views and reference tables that differ from those of this tokaudit."""
    stored = dict(connection.execute("select name, sha256 from store.shipped").fetchall())

    def renewed(name: str, content: bytes) -> bool:
        sha256 = shipped_digest(content)
        if stored.get(name) == sha256:
            return False
        connection.execute("insert or replace into store.shipped (name, sha256) values (?, ?)", [name, sha256])
        return True

    renew_row_views(connection)
    views = views_sql()
    if renewed("views", views):
        connection.execute(views.decode())
    for table in REFERENCE_TABLES:
        if renewed(table.name, table.content()):
            with_incoming(connection, table.refill, table.columns())
