"""A temporary file in a catalog's parts folder, for data that does not stay in memory."""

import mmap
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.layout import made_parts_folder, parts_folder
from tokaudit.core.errors import CatalogError


class TemporaryFile:
    """Arrays as bytes in a file that is created with the first write. It is gone once closed, and after a crash.

    Args:
        catalog: the DuckDB file; the folder is the one next to it.

    Raises:
        CatalogError: the file can't be created, written or read; every method but `close` may raise it.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._opened: FileIO | None = None

    def close(self) -> None:
        """Remove the file, if there is one."""
        if self._opened is not None:
            self._opened.close()

    def write(self, begin: int, values: npt.NDArray[Any]) -> None:
        """Write the bytes of an array, starting at byte `begin`."""
        left = np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
        with temporary_file_errors(self._catalog):
            file = self._file()
            file.seek(begin)
            while left:
                left = left[file.write(left) :]

    def read_into(self, begin: int, values: npt.NDArray[Any]) -> None:
        """Fill an array (in one piece) with bytes that were written, starting at byte `begin`."""
        left = values.reshape(-1).view(np.uint8).data
        with temporary_file_errors(self._catalog):
            file = self._file()
            file.seek(begin)
            while left:
                read = file.readinto(left)
                if not read:
                    raise OSError("the file ends too early")
                left = left[read:]

    def mapped(self) -> mmap.mmap:
        """The bytes written so far as read-only memory; there must be at least one."""
        with temporary_file_errors(self._catalog):
            return mmap.mmap(self._file().fileno(), 0, access=mmap.ACCESS_READ)

    def _file(self) -> FileIO:
        if self._opened is None:
            folder = made_parts_folder(self._catalog)
            self._opened = tempfile.TemporaryFile("w+b", buffering=0, dir=folder)  # noqa: SIM115 - `close` closes it
        return self._opened


@contextmanager
def temporary_file_errors(catalog: Path) -> Iterator[None]:
    """Says in errors of the system that a temporary file next to this catalog can't be written or read.

    Raises:
        CatalogError: inside, an OSError was raised.
    """
    try:
        yield
    except OSError as error:
        raise CatalogError(
            f"{parts_folder(catalog)}: can't write or read a temporary file: {error.strerror or error};"
            " free disk space there, or make the folder writable"
        ) from error
