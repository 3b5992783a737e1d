"""Where the catalog is that an argument names, or that is meant where none is named."""

import os
from pathlib import Path
from typing import Any

from tokaudit.core.default_catalog import DEFAULT_CONFIG, default_catalog
from tokaudit.core.errors import UsageError


def catalog_place(given: Any, name: str = "catalog") -> Path:
    """The path of a catalog; None: the one that the command line uses here.

    Args:
        given: a path, something with a ``path``, such as a `Catalog`, or None.
        name: name of the argument, for the message.

    Raises:
        UsageError: it is neither a path nor a catalog, or there is a fault in the file of settings.
        InputError: the file of settings can't be read.
    """
    if given is None:
        return _usual()
    path = getattr(given, "path", given)
    if not isinstance(path, str | os.PathLike):
        raise UsageError(f"{name}: {given!r} is neither a path nor a catalog")
    return Path(os.fsdecode(path))


def _usual() -> Path:
    """``$TOKAUDIT_CATALOG``, else the one of the file of settings, else the one in the working directory."""
    named = os.environ.get("TOKAUDIT_CONFIG")
    if os.environ.get("TOKAUDIT_CATALOG") or not (named or os.path.lexists(DEFAULT_CONFIG)):
        return default_catalog()
    from tokaudit.planning.audit_file.read import read_audit_file

    settings = read_audit_file(Path(named or DEFAULT_CONFIG)).settings
    return default_catalog(Path(settings["catalog"]) if "catalog" in settings else None)
