"""The file of a catalog, and what lies next to it. A catalog has one place, whatever links lead to it."""

import os
from pathlib import Path

from tokaudit.core.sync import sync_folder


def catalog_file(path: Path) -> Path:
    """The file that a path leads to, over any number of links, with a path that stays true in another folder."""
    return Path(os.path.realpath(path))  # resolve() would raise RuntimeError for a link that leads to itself


def parts_folder(catalog: Path) -> Path:
    """The folder next to a catalog's file that contains its signatures."""
    return _next_to(catalog, ".parts")


def lock_file(catalog: Path) -> Path:
    """The file that the one writer of a catalog has locked."""
    return _next_to(catalog, ".lock")


def upgrade_folder(catalog: Path) -> Path:
    """The folder in which `tokaudit upgrade` makes the new file."""
    return _next_to(catalog, ".tokaudit-upgrade")


def _next_to(catalog: Path, suffix: str) -> Path:
    file = catalog_file(catalog)
    return file.with_name(file.name + suffix)


def made_parts_folder(catalog: Path) -> Path:
    """The same folder; if it is missing, it is created and its name is synced.

    Raises:
        OSError: it can't be created.
    """
    folder = parts_folder(catalog)
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
    return folder
