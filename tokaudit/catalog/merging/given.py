"""A catalog that is brought into another one: it is opened read-only and never changed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import duckdb

from tokaudit.catalog.check_tables import check_tables
from tokaudit.catalog.connection import open_of_any_schema, open_readonly
from tokaudit.catalog.delete import named_fragments
from tokaudit.catalog.layout import catalog_file, parts_folder
from tokaudit.catalog.patience import patience_of_writer
from tokaudit.catalog.signatures import lost_fragments, older_fragments
from tokaudit.catalog.versions import applied_migration, check_version, newest_needed
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.units import format_number_of


@dataclass(frozen=True, slots=True)
class Given:
    """A catalog that is brought into another one.

    Attributes:
        path: its DuckDB file, as it was named.
        connection: a read-only connection to it; temporary tables may be made there.
        into: the catalog that has what it is compared with, for messages.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    into: Path

    def command(self, rest: str) -> str:
        """A command for this catalog, to be typed."""
        return command_for(self.path, rest)


def command_for(catalog: Path, rest: str) -> str:
    """A command of the program for a catalog, to be typed."""
    return f"`tokaudit --catalog {quote(str(catalog))} {rest}`"


@contextmanager
def open_given(path: Path, into: Path) -> Iterator[Given]:
    """Opens a catalog to be brought into another one.

    Raises:
        CatalogError: it can't be read.
    """
    with open_readonly(path, wait=patience_of_writer().seconds) as connection:
        yield Given(path, connection, into)


def check_given(catalog: Path, given: Sequence[Path]) -> None:
    """Check that catalogs can be read, with their signatures, and that each is another than all others.

    Raises:
        UsageError: none is named, one is named twice, or one is the one that the others are brought into.
        CatalogError: there is no catalog, it was made by an older or newer tokaudit, its signatures are missing, or
            it is damaged.
    """
    if not given:
        raise UsageError("name at least one catalog to merge")
    _check_distinct(catalog, given)
    for path in given:
        if not path.is_file():
            raise CatalogError(f"{path}: no catalog found; name the file of a catalog that was counted")
        # All checks share it: opening a file takes longer than they do.
        with open_of_any_schema(path, wait=patience_of_writer().seconds) as connection:
            _check_schema(path, connection)
            _check_signatures(path)
            check_tables(path)


def _check_distinct(catalog: Path, given: Iterable[Path]) -> None:
    seen = {_identity(catalog): catalog}
    for path in given:
        known = seen.get(_identity(path))
        if known is catalog:
            raise UsageError(f"{path}: is the catalog that the others are merged into; name others, or use --catalog")
        if known is not None:
            raise UsageError(f"{path}: is named twice ({known} is the same file); name each catalog once")
        seen[_identity(path)] = path


def _identity(path: Path) -> tuple[int, int] | Path:
    """What tells a file from all others, over links of both kinds; its place if it is not there."""
    file = catalog_file(path)
    try:
        status = file.stat()
    except OSError:
        return file
    return (status.st_dev, status.st_ino) if status.st_ino else file


def _check_schema(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    applied = check_version(path, applied_migration(connection))
    if applied < newest_needed():
        upgrade = command_for(path, "upgrade")
        raise CatalogError(f"{path}: is empty or was made by an older tokaudit; run {upgrade}, then merge again")


def _check_signatures(path: Path) -> None:
    folder, lost = parts_folder(path), lost_fragments(path)
    if lost:
        files = format_number_of(len(lost), "file")
        repair = command_for(path, "verify --repair")
        raise CatalogError(
            f"{folder}: {files} with signatures of {path.name} missing or cut off, such as {lost[0]}; bring the folder"
            f" here with the catalog, or run {repair}"
        )
    with open_readonly(path) as connection:
        names = named_fragments(connection)
    if older_fragments(path, names):
        ingest = command_for(path, "ingest PATH --domain NAME")
        raise CatalogError(
            f"{path}: has signatures of an older tokaudit, which compare with no others; count another file into it"
            f" ({ingest}), which renews them, then merge again"
        )
