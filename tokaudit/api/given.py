"""Arguments of the Python interface as the functions behind it take them."""

from os import PathLike
from pathlib import Path

from tokaudit.api.catalog import Catalog
from tokaudit.core.default_catalog import default_catalog
from tokaudit.core.errors import UsageError


def catalog_path(given: str | PathLike[str] | Catalog | None) -> Path:
    """The path of a catalog; None: the one that the command line uses by default.

    Raises:
        UsageError: it is neither a path nor a catalog.
    """
    if given is None:
        return default_catalog()
    path = given.path if isinstance(given, Catalog) else given
    if not isinstance(path, str | PathLike):
        raise UsageError(f"--catalog: {given!r} is neither a path nor a catalog")
    return Path(path)


def check_text(**given: object) -> None:
    """Check arguments that are text or None, by name.

    Raises:
        UsageError: one is something else.
    """
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise UsageError(f"{name}: {value!r} is not text")
