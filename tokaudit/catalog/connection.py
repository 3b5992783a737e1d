"""Opening a catalog, which no other module does: read-only and locked down, or inside one write transaction."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.faults import unopened, unread, unwritten
from tokaudit.catalog.kept_open import KeptOpen
from tokaudit.catalog.layout import catalog_file
from tokaudit.catalog.lock_down import (
    EXTERNAL_ACCESS,
    LOCKED_DOWN,
    Settings,
    lock,
    reach_row_files,
    threads,
    writer_settings,
)
from tokaudit.catalog.patience import Patience, patience_of_writer, patiently
from tokaudit.catalog.row_files import check_row_files, has_row_folders, say_where
from tokaudit.catalog.shipped_views import read_as_current
from tokaudit.catalog.versions import applied_migration, check_version, has_migration, newest_migration, newest_needed
from tokaudit.core.errors import CatalogError
from tokaudit.core.shortage import check_address_space

_KEPT: Final[dict[Path, tuple[KeptOpen, Patience]]] = {}
"""Files that this process writes to. Each is kept open for a moment at the start and at the end.

The patience of the writer is that of all its steps, those that only read, too.
"""


def _open(
    path: Path, patience: Patience, *, read_only: bool, settings: Settings | None = None
) -> duckdb.DuckDBPyConnection:
    file = catalog_file(path)  # DuckDB puts the log of what was written last next to the name that it is given
    return patiently(lambda: _connect(file, read_only=read_only, settings=settings), path, patience, unopened)


def _connect(
    database: Path | str, *, read_only: bool = False, settings: Settings | None = None
) -> duckdb.DuckDBPyConnection:
    check_address_space()
    given = {**LOCKED_DOWN, **threads(), **(settings or {})}
    if isinstance(database, Path):
        del given[EXTERNAL_ACCESS]  # until it is known which files can be reached
    connection = duckdb.connect(database, read_only=read_only, config={**given})
    try:
        if isinstance(database, Path):
            reach_row_files(connection, database, read_only=read_only)
        lock(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_in_memory() -> duckdb.DuckDBPyConnection:
    """A new empty database in memory, from which SQL can reach no file, network, extension or catalog."""
    return _connect(":memory:")


@contextmanager
def _connected(
    path: Path, *, read_only: bool, patience: Patience | None = None, settings: Settings | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new connection: to the file that this process keeps open, or else to the file opened for it."""
    kept, of_writer = _KEPT.get(catalog_file(path), (None, Patience()))
    shared = kept.connect() if kept else None
    if kept is None or shared is None:
        given = settings or (writer_settings() if kept else None)
        connection = _open(path, patience or of_writer, read_only=read_only, settings=given)
        try:
            _say_where(connection, path)
            yield connection
        finally:
            connection.close()
        return
    try:
        _say_where(shared, path)
        if read_only:
            shared.execute("begin transaction read only")
        yield shared
    finally:
        kept.close(shared)


def _say_where(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if has_row_folders(path):  # most catalogs have none, and each statement of a small ingest counts
        say_where(connection, path)


@contextmanager
def open_readonly(
    path: Path, *, wait: float | None = None, settings: Settings | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection, from which SQL can reach no file but its row files, no network and no extension.

    A catalog that lacks only optional migrations is read as if it had them, with nothing in them.

    Args:
        path: the DuckDB file.
        wait: seconds to wait if another process has it open; None: `LOCK_SECONDS`, or as long as its writer waits, if
            that is this process.
        settings: of DuckDB, where they differ from those of other connections; this process must not have it open.

    Raises:
        CatalogError: the catalog is missing, in use by another process, damaged, or of another version.
        MemoryError: there is not enough memory.
    """
    _check_there(path)
    patience = None if wait is None else Patience(wait)
    with _connected(path, read_only=True, patience=patience, settings=settings) as connection, reading(path):
        applied = check_version(path, newest_migration(connection) or applied_migration(connection))
        if applied < newest_needed():
            raise CatalogError(
                f"{path}: is empty or was made by an older tokaudit; run `tokaudit upgrade`;"
                " any `tokaudit ingest` into it upgrades it too"
            )
        # A writer has checked them before, and nobody else changes them.
        if catalog_file(path) not in _KEPT and has_migration(applied, "row_files"):
            check_row_files(connection, path)
        read_as_current(connection, applied)
        yield connection


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Names this catalog in errors of statements inside; needed only where several catalogs are open.

    Raises:
        CatalogError: a statement failed.
    """
    try:
        yield
    except duckdb.Error as error:
        raise unread(path, error) from error
    except RuntimeError as error:
        raise _interrupted(error) from error


@contextmanager
def open_of_any_schema(path: Path, *, wait: float | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as from `open_readonly`, to a DuckDB file whose schema is not checked.

    Raises:
        CatalogError: the file is missing, in use by another process, or damaged.
    """
    _check_there(path)
    patience = None if wait is None else Patience(wait)
    with _connected(path, read_only=True, patience=patience) as connection, reading(path):
        yield connection


def _check_there(path: Path) -> None:
    """Check that there is a file to read.

    Raises:
        CatalogError: there is none, it is a folder, or the system does not let it be looked up.
    """
    try:
        there, is_folder = path.is_file(), path.is_dir()
    except OSError as error:
        raise CatalogError(
            f"{path}: can't be looked up ({error.strerror or error}); check permissions, or use another --catalog"
        ) from error
    if is_folder:
        raise CatalogError(f"{path}: is a folder; pass a file to --catalog")
    if not there:
        raise CatalogError(f"{path}: no catalog found; create one with `tokaudit ingest`, or use another --catalog")


@contextmanager
def opened_to_copy(path: Path, new: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a catalog, read-only as ``old``, and to a new file as ``new``; SQL can reach nothing else.

    While it is open, others can read the catalog, but not write to it. The caller holds `exclusive_writer`.

    Args:
        path: the file of a catalog.
        new: the file to make, in a folder of its own: what does not fit in memory goes there, too.

    Raises:
        CatalogError: one of the files can't be opened.
    """
    kept, patience = _KEPT[path]
    kept.let_go()
    old = path.resolve()
    # DuckDB looks for each of these, even if it is not there.
    reached = [f"{old}{end}" for end in ("", ".wal", ".wal.checkpoint", ".wal.recovery")]
    given = {**LOCKED_DOWN, **writer_settings()}
    config = {name: value for name, value in given.items() if name != EXTERNAL_ACCESS}
    with duckdb.connect(":memory:", config={**config, "temp_directory": str(new.parent)}) as connection:
        connection.execute("set allowed_paths = ?", [reached])
        connection.execute("set allowed_directories = ?", [[str(new.parent)]])
        connection.execute("set enable_external_access = false")
        lock(connection)
        attach_old = "attach ? as old (type duckdb, read_only)"
        patiently(lambda: connection.execute(attach_old, [str(old)]), path, patience, unopened)
        patiently(lambda: connection.execute("attach ? as new (type duckdb)", [str(new)]), new, patience, unopened)
        try:
            yield connection
        except RuntimeError as error:
            raise _interrupted(error) from error


def _interrupted(error: RuntimeError) -> BaseException:
    """KeyboardInterrupt, if the error is what DuckDB makes of Ctrl-C during a statement; else the error."""
    return KeyboardInterrupt() if "interrupted" in str(error).lower() else error


@contextmanager
def opened_by_its_writer(path: Path) -> Iterator[None]:
    """Marks this process as the only writer of a catalog, and keeps the file open for a moment at the start."""
    patience = patience_of_writer()
    kept = KeptOpen(lambda: _open(path, patience, read_only=False, settings=writer_settings()))
    _KEPT[path] = kept, patience
    try:
        with kept.kept():
            yield
    finally:
        del _KEPT[path]


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Keeps a catalog that this process writes to open, for a moment at most, because many short steps follow."""
    kept, _ = _KEPT[catalog_file(path)]
    with kept.kept():
        yield


@contextmanager
def write_transaction(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection inside one transaction, which is committed on success and rolled back on any exception.

    Keep it open only for as long as a commit takes: readers wait meanwhile. The caller holds `exclusive_writer`.

    Raises:
        CatalogError: the catalog can't be opened or written; nothing was written.
    """
    with _connected(path, read_only=False) as connection:
        try:
            connection.begin()
            yield connection
            connection.commit()
        except BaseException as error:
            with suppress(duckdb.Error):
                connection.rollback()
            if isinstance(error, (duckdb.Error, OSError)):
                raise unwritten(path, error) from error
            if isinstance(error, RuntimeError):
                raise _interrupted(error) from error
            raise


def utc_now() -> datetime:
    """The time now in UTC, without a zone: DuckDB needs another package to pass zones to Python."""
    return datetime.now(UTC).replace(tzinfo=None)
