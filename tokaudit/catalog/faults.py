"""What an error of DuckDB says about a catalog: the disk fails, or the file is damaged, cut off or not a catalog."""

import errno
import os
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.core.errors import CatalogError

Fault = CatalogError | MemoryError
_SPACE: Final = "free disk space, and run this again"
_PERMISSIONS: Final = "check permissions, or use another --catalog"
_DISK: Final = "check the disk, and run this again"
_OF_DISK: Final = {
    **{os.strerror(code): _SPACE for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)},
    **{os.strerror(code): _PERMISSIONS for code in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR)},
    os.strerror(errno.EIO): _DISK,
    "fsync": _DISK,
}
"""Words of the system in an error -> what to do."""


def one_line(error: Exception) -> str:
    """DuckDB's message on one line, without the statement; its suggestion ("Did you mean …") is kept."""
    first, *rest = str(error).splitlines() or [""]
    return " ".join([first, *(line for line in rest if line.startswith("Did you mean"))])


def out_of_memory(error: BaseException) -> MemoryError | None:
    """Python's error for want of memory, if the error is DuckDB's; else None."""
    return MemoryError(one_line(error)) if isinstance(error, duckdb.OutOfMemoryException) else None


def is_damage(error: duckdb.Error) -> bool:
    """Whether the file or the disk is at fault, rather than the SQL."""
    return has_damaged_block(error) or isinstance(error, (duckdb.IOException, duckdb.FatalException))


def has_damaged_block(error: BaseException | None) -> bool:
    """Whether it is DuckDB's error for a block that is damaged. One with a wrong check sum raises the base class."""
    return type(error) is duckdb.Error or isinstance(error, (duckdb.SerializationException, duckdb.InternalException))


def unopened(path: Path, error: duckdb.Error) -> Fault:
    """The error that a file can't be opened, for another reason than that it is in use."""
    if known := _known_fault(path, error, "opened"):
        return known
    if isinstance(error, duckdb.IOException):
        return CatalogError(
            f"{path}: can't be opened as a catalog ({one_line(error)}); check it, or use another --catalog"
        )
    return CatalogError(
        f"{path}: is damaged or is not a tokaudit catalog ({one_line(error)});"
        " restore a backup, or use another --catalog"
    )


def unread(path: Path, error: duckdb.Error) -> Fault:
    """The error that a statement failed that only reads."""
    return _known_fault(path, error, "read") or CatalogError(
        f"{path}: can't be read ({one_line(error)}); if it is damaged, restore a backup"
    )


def unwritten(path: Path, error: duckdb.Error | OSError) -> Fault:
    """The error that a step of a writer failed, of which nothing was written."""
    known = _known_fault(path, error, "written")
    if known is None and isinstance(error, duckdb.Error) and is_damage(error):
        return unread(path, error)
    return known or CatalogError(f"{path}: can't be written ({_why(error)}); check disk space and permissions")


def _known_fault(path: Path, error: duckdb.Error | OSError, done: str) -> Fault | None:
    """The error if memory is used up, the disk fails or the file is cut off; None if it is another fault.

    DuckDB calls a failed write or sync a fatal error: the file itself is whole, and is opened again as it was before.
    """
    if memory := out_of_memory(error):
        return memory
    why = _why(error)
    remedy = next((remedy for words, remedy in _OF_DISK.items() if words in why), None)
    if remedy is not None:
        return CatalogError(f"{path}: can't be {done} ({why}); {remedy}")
    if "not read enough bytes" in why:
        return CatalogError(f"{path}: is cut off: its end is missing ({why}); restore a backup")
    return None


def _why(error: duckdb.Error | OSError) -> str:
    return one_line(error) if isinstance(error, duckdb.Error) else error.strerror or str(error)
