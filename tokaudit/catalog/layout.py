"""Files next to a catalog, and syncing their names to disk."""

import os
import sys
from pathlib import Path


def parts_folder(catalog: Path) -> Path:
    """The folder next to a catalog that contains its signatures."""
    return catalog.with_name(catalog.name + ".parts")


def made_parts_folder(catalog: Path) -> Path:
    """The same folder; if it is missing, it is created and its name is synced.

    Raises:
        OSError: it can't be created.
    """
    folder = parts_folder(catalog)
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync_folder(catalog.parent)
    return folder


def upgrade_folder(catalog: Path) -> Path:
    """The folder in which `tokaudit upgrade` makes the new file; next to the file itself, if the catalog is a link."""
    real = catalog.resolve()
    return real.with_name(real.name + ".tokaudit-upgrade")


def sync_file(file: Path) -> None:
    """Sync the content of a file to disk.

    Raises:
        OSError: the file can't be synced.
    """
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to disk; syncing the files does not do that. Windows has no call for it.

    Raises:
        OSError: the folder can't be synced.
    """
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
