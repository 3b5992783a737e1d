"""What lies beside a catalog, and names that are synced to disk."""

import os
import sys
from pathlib import Path


def parts_folder(catalog: Path) -> Path:
    """The folder beside a catalog that holds its signatures."""
    return catalog.with_name(catalog.name + ".parts")


def made_parts_folder(catalog: Path) -> Path:
    """The folder, made and its name on disk if it was not there.

    Raises:
        OSError: it can't be made.
    """
    folder = parts_folder(catalog)
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync_folder(catalog.parent)
    return folder


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, which syncing what they name does not. Windows has no call for it.

    Raises:
        OSError: the system can't.
    """
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
