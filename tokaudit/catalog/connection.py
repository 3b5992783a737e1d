"""The only module that opens the catalog: for reading locked down, for writing one at a time, migrated, whole."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import duckdb

from tokaudit.catalog.kept_open import KeptOpen
from tokaudit.catalog.versions import applied_migration, check_version, migrations, newest_migration
from tokaudit.core.errors import CatalogError

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

_KEPT: Final[dict[Path, KeptOpen]] = {}
"""Catalogs that this process writes to, kept open while it begins and while it ends."""


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


def _open(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    return _patiently(lambda: duckdb.connect(path, read_only=read_only, config=dict(_LOCKED_DOWN)), path)


@contextmanager
def _connected(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own: to what this process keeps open, else to the file, which is opened for it."""
    kept = _KEPT.get(path)
    shared = kept.connect() if kept else None
    if kept is None or shared is None:
        connection = _open(path, read_only=read_only)
        try:
            yield connection
        finally:
            connection.close()
        return
    try:
        if read_only:
            shared.execute("begin transaction read only")
        yield shared
    finally:
        kept.close(shared)


@contextmanager
def open_readonly(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection from which SQL can reach no file, network or extension.

    Raises:
        CatalogError: there is no catalog, it is held by another process, damaged, or from another version.
    """
    if not path.is_file():
        raise CatalogError(f"{path}: no catalog there (`tokaudit ingest` makes one; --catalog names another)")
    with _connected(path, read_only=True) as connection:
        try:
            applied = check_version(path, newest_migration(connection) or applied_migration(connection))
            if applied < migrations()[-1][0]:
                raise CatalogError(
                    f"{path}: empty, or made by an older tokaudit; any `tokaudit ingest` into it brings it up"
                )
            yield connection
        except duckdb.Error as error:
            raise CatalogError(f"{path}: can't be read, it may be damaged: {one_line(error)}") from error
        except RuntimeError as error:
            raise _interrupted(error) from error


def _interrupted(error: RuntimeError) -> BaseException:
    """What DuckDB makes of Ctrl-C in the middle of a statement, as what it is."""
    return KeyboardInterrupt() if "interrupted" in str(error).lower() else error


@contextmanager
def opened_by_its_writer(path: Path) -> Iterator[None]:
    """Meanwhile this process alone writes to a catalog, and keeps it open for a moment as it begins."""
    kept = _KEPT[path] = KeptOpen(lambda: _open(path, read_only=False))
    try:
        with kept.kept():
            yield
    finally:
        del _KEPT[path]


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Meanwhile a catalog that this process writes to is kept open, for a moment at most: many short things follow."""
    with _KEPT[path].kept():
        yield


@contextmanager
def write_transaction(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection inside one transaction: committed on success, rolled back on any exception.

    Open it only for as long as a commit takes: readers wait meanwhile. The caller holds `exclusive_writer`.

    Raises:
        CatalogError: the catalog can't be opened or written; nothing was.
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
                raise CatalogError(f"{path}: can't be written: {one_line(error)}") from error
            if isinstance(error, RuntimeError):
                raise _interrupted(error) from error
            raise


def utc_now() -> datetime:
    """Now, in UTC without a zone: DuckDB needs one more package to hand a zone to Python."""
    return datetime.now(UTC).replace(tzinfo=None)
