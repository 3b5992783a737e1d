"""The right to write to a catalog, which one process has at a time; it finds the catalog up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokaudit.catalog.connection import opened_by_its_writer
from tokaudit.catalog.faults import unwritten
from tokaudit.catalog.layout import catalog_file, lock_file, parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.core.temporary_files import remove_leftovers


@contextmanager
def exclusive_writer(path: Path) -> Iterator[Path]:
    """Holds the right to write to a catalog, for as long as an ingest runs. One process has it at a time.

    Yields the file that the path leads to. Long work goes on with that: meanwhile, a link may be set to another place,
    and a program may change its working directory.

    Raises:
        CatalogError: another process has it, the path is not one of a file or is in no folder, the file has several
            names, or the folder can't be written.
    """
    import filelock  # noqa: PLC0415 - commands that only read load this module too

    from tokaudit.catalog.migrate import migrate  # noqa: PLC0415 - as above

    try:
        file = catalog_file(path)
        _check_place(path, file)
    except OSError as error:
        raise unwritten(path, error) from error
    lock = filelock.FileLock(lock_file(file), timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise CatalogError(
            f"{path}: another tokaudit is writing to it; wait until it is done, or use another --catalog"
        ) from error
    except OSError as error:
        raise unwritten(path, error) from error
    try:
        with opened_by_its_writer(file):
            migrate(file)
            remove_leftovers(parts_folder(file))
            yield file
    finally:
        lock.release()


def _check_place(path: Path, file: Path) -> None:
    """Check that a catalog can be written where the path leads to.

    Raises:
        CatalogError: it can't.
    """
    if file.is_symlink():
        raise CatalogError(f"{path}: is a symbolic link that leads to itself; remove it, or use another --catalog")
    if file.is_dir():
        raise CatalogError(f"{path}: is a folder; pass a file to --catalog")
    if file.exists() and not file.is_file():
        raise CatalogError(f"{path}: is a device or a pipe; pass a file to --catalog")
    if not file.parent.is_dir():
        raise CatalogError(f"{path}: its folder does not exist; create it, or use another --catalog")
    names = file.stat().st_nlink if file.exists() else 1
    if names > 1:  # each name would have its own lock, and its own signatures
        raise CatalogError(
            f"{path}: the file has {names} names (hard links), and a catalog must have one to be written to;"
            " remove the others, or replace this one by a copy"
        )
