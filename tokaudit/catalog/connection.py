"""The only module that opens the catalog: for reading locked down, for writing one at a time, migrated, whole."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import duckdb
import filelock

from tokaudit import __version__
from tokaudit.catalog.reference.tables import REFERENCE_TABLES
from tokaudit.catalog.statements import fetch_one, with_incoming
from tokaudit.core.errors import CatalogError
from tokaudit.core.resources import shipped

T = TypeVar("T")

LOCK_SECONDS: Final = 10.0
"""How long a command waits for another process's short hold on the file."""

_LOCKED_DOWN: Final[Mapping[str, str | bool]] = {
    # read_only alone protects nothing: SQL could still read files and write them with COPY.
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "lock_configuration": True,
    # Beyond it DuckDB spills to disk; by default it would take most of the memory, whatever else runs.
    "memory_limit": "2GiB",
}


def _patiently(action: Callable[[], T], path: Path) -> T:
    """The result of opening the file, waiting while another process holds it for a moment."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return action()
        except duckdb.IOException as error:
            # Without the path, which may have such words in it; the second is what Windows says.
            text = re.sub(r'"[^"]*"', "", str(error))
            if "lock on file" not in text and "used by another process" not in text:
                raise CatalogError(f"{path}: can't be opened as a catalog: {one_line(error)}") from error
            if time.monotonic() > deadline:
                raise CatalogError(
                    f"{path}: in use by another process for more than {LOCK_SECONDS:.0f} s; try again later"
                ) from error
            time.sleep(0.05)
        except duckdb.Error as error:
            raise CatalogError(f"{path}: damaged or no catalog: {one_line(error)}") from error


def one_line(error: Exception) -> str:
    """What DuckDB says, without the statement and the list of what might have been meant."""
    first, *rest = str(error).splitlines() or [""]
    return " ".join([first, *(line for line in rest if line.startswith("Did you mean"))])


def is_damage(error: duckdb.Error) -> bool:
    """Whether the fault lies in the file or the disk rather than in the SQL."""
    # A block with a wrong checksum raises the bare class.
    return type(error) is duckdb.Error or isinstance(
        error, (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException)
    )


def _migrations() -> list[tuple[int, Path]]:
    files = sorted((shipped("catalog") / "schema").glob("[0-9]*.sql"))
    return [(int(file.name.partition("_")[0]), file) for file in files]


_MIGRATED: Final = """
select count(*) > 0 from duckdb_columns()
where schema_name = 'store' and table_name = 'migrations' and column_name = 'migration' and data_type = 'INTEGER'"""
_EMPTY: Final = """
select (select count(*) from duckdb_tables()) + (select count(*) from duckdb_views() where not internal)
     + (select count(*) from duckdb_schemas() where not internal) = 0"""


def _newest_migration(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Number of the newest migration; None for what is no catalog at first sight. Looking closely takes 15 ms."""
    with suppress(duckdb.CatalogException, duckdb.BinderException):
        (newest,) = fetch_one(connection, "select max(migration) from store.migrations")
        return newest if isinstance(newest, int) else None
    return None


def _applied(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Number of the newest migration in a catalog; 0 for an empty database, None for somebody else's."""
    if fetch_one(connection, _MIGRATED) == (True,):
        return int(fetch_one(connection, "select max(migration) from store.migrations")[0] or 0)
    return 0 if fetch_one(connection, _EMPTY) == (True,) else None


def _check_version(path: Path, applied: int | None) -> int:
    newest = _migrations()[-1][0]
    if applied is None:
        raise CatalogError(f"{path}: a DuckDB database, but no tokaudit catalog")
    if applied > newest:
        raise CatalogError(
            f"{path}: made by a newer tokaudit (schema {applied}, this one knows {newest}); upgrade tokaudit"
        )
    return applied


@contextmanager
def open_readonly(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection from which SQL can reach no file, network or extension.

    Raises:
        CatalogError: there is no catalog, it is held by another process, damaged, or from another version.
    """
    if not path.is_file():
        raise CatalogError(f"{path}: no catalog there (`tokaudit ingest` makes one; --catalog names another)")
    connection = _patiently(lambda: duckdb.connect(path, read_only=True, config=dict(_LOCKED_DOWN)), path)
    try:
        applied = _check_version(path, _newest_migration(connection) or _applied(connection))
        if applied < _migrations()[-1][0]:
            raise CatalogError(
                f"{path}: empty, or made by an older tokaudit; any `tokaudit ingest` into it brings it up"
            )
        yield connection
    except duckdb.Error as error:
        raise CatalogError(f"{path}: can't be read, it may be damaged: {one_line(error)}") from error
    except RuntimeError as error:
        raise _interrupted(error) from error
    finally:
        connection.close()


def _interrupted(error: RuntimeError) -> BaseException:
    """What DuckDB makes of Ctrl-C in the middle of a statement, as what it is."""
    return KeyboardInterrupt() if "interrupted" in str(error).lower() else error


@contextmanager
def exclusive_writer(path: Path) -> Iterator[None]:
    """The right to write to a catalog, for as long as an ingest runs; one process at a time has it.

    Raises:
        CatalogError: another process has it, or the folder can't be written.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise CatalogError(f"{path}: is a folder, or lies in one that does not exist")
    lock = filelock.FileLock(path.with_name(path.name + ".lock"), timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise CatalogError(f"{path}: another tokaudit is writing to it; wait for it, or use --catalog") from error
    except OSError as error:
        raise CatalogError(f"{path}: can't be written: {error.strerror or error}") from error
    try:
        migrate(path)
        yield
    finally:
        lock.release()


@contextmanager
def write_transaction(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection inside one transaction: committed on success, rolled back on any exception.

    Open it only for as long as a commit takes: readers wait meanwhile. The caller holds `exclusive_writer`.

    Raises:
        CatalogError: the catalog can't be opened or written; nothing was.
    """
    connection = _patiently(lambda: duckdb.connect(path, config=dict(_LOCKED_DOWN)), path)
    try:
        connection.begin()
        yield connection
        connection.commit()
    except BaseException as error:
        with suppress(duckdb.Error):
            connection.rollback()
        if isinstance(error, (duckdb.Error, OSError)):
            raise CatalogError(f"{path}: can't be written: {one_line(error)}") from error
        if isinstance(error, RuntimeError):
            raise _interrupted(error) from error
        raise
    finally:
        connection.close()


def migrate(path: Path) -> None:
    """Bring the schema up, a row recording each migration, and renew what ships with tokaudit; all or nothing."""
    with write_transaction(path) as connection:
        applied = _check_version(path, _applied(connection))
        for number, file in _migrations():
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
        _refresh(connection)


def _refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the views and the reference tables anew, those that are not what this tokaudit ships."""
    stored = dict(connection.execute("select name, sha256 from store.shipped").fetchall())

    def renewed(name: str, content: bytes) -> bool:
        sha256 = hashlib.sha256(__version__.encode() + b"\0" + content).hexdigest()
        if stored.get(name) == sha256:
            return False
        connection.execute("insert or replace into store.shipped (name, sha256) values (?, ?)", [name, sha256])
        return True

    views = (shipped("catalog") / "views.sql").read_bytes()
    if renewed("views", views):
        connection.execute(views.decode())
    for table in REFERENCE_TABLES:
        if renewed(table.name, table.content()):
            with_incoming(connection, table.refill, table.columns())


def utc_now() -> datetime:
    """Now, in UTC without a zone: DuckDB needs one more package to hand a zone to Python."""
    return datetime.now(UTC).replace(tzinfo=None)
