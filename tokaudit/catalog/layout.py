"""Files next to a catalog."""

from pathlib import Path

from tokaudit.core.sync import sync_folder


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
