"""The right to write to a catalog, which one process has at a time; it finds the catalog up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokaudit.catalog.connection import opened_by_its_writer
from tokaudit.core.errors import CatalogError


@contextmanager
def exclusive_writer(path: Path) -> Iterator[None]:
    """Holds the right to write to a catalog, for as long as an ingest runs. One process has it at a time.

    Raises:
        CatalogError: another process has it, the path is a folder or in none, or the folder can't be written.
    """
    import filelock  # noqa: PLC0415 - commands that only read load this module too

    from tokaudit.catalog.migrate import migrate  # noqa: PLC0415 - as above

    if path.is_dir():
        raise CatalogError(f"{path}: is a folder; pass a file to --catalog")
    if not path.parent.is_dir():
        raise CatalogError(f"{path}: its folder does not exist; create it, or use another --catalog")
    lock = filelock.FileLock(path.with_name(path.name + ".lock"), timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise CatalogError(
            f"{path}: another tokaudit is writing to it; wait until it is done, or use another --catalog"
        ) from error
    except OSError as error:
        raise CatalogError(
            f"{path}: can't be written ({error.strerror or error}); check permissions, or use another --catalog"
        ) from error
    try:
        with opened_by_its_writer(path):
            migrate(path)
            yield
    finally:
        lock.release()
