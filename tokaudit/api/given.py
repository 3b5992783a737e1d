"""Arguments of the Python interface as the functions behind it take them."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from tokaudit.core.default_catalog import default_catalog
from tokaudit.core.errors import UsageError

if TYPE_CHECKING:
    from tokaudit.api.catalog import Catalog


def is_catalog(value: object) -> "TypeGuard[Catalog]":
    """Whether a value is a `Catalog`; its module, which loads DuckDB, is not loaded for that."""
    return type(value).__module__ == "tokaudit.api.catalog"


def catalog_path(given: "str | PathLike[str] | Catalog | None") -> Path:
    """The path of a catalog; None: the one that the command line uses by default.

    Raises:
        UsageError: it is neither a path nor a catalog.
    """
    if given is None:
        return default_catalog()
    path = given.path if is_catalog(given) else given
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
