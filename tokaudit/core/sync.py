"""Syncing files and their names to disk."""

import os
import sys
from pathlib import Path


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
