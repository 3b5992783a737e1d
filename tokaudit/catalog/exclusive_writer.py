"""The right to write to a catalog: one process at a time has it, and finds the catalog up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokaudit.catalog.connection import opened_by_its_writer
from tokaudit.core.errors import CatalogError


@contextmanager
def exclusive_writer(path: Path) -> Iterator[None]:
    """The right to write to a catalog, for as long as an ingest runs; one process at a time has it.

    Raises:
        CatalogError: another process has it, or the folder can't be written.
    """
    import filelock  # noqa: PLC0415 - what can save a law is loaded by whoever plans, and saves nothing

    from tokaudit.catalog.migrate import migrate  # noqa: PLC0415 - likewise

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
        with opened_by_its_writer(path):
            migrate(path)
            yield
    finally:
        lock.release()
