"""What a catalog's file is, for reports of faults: its schema and its storage, also if it is too old to be read."""

from pathlib import Path

import duckdb

from tokaudit.catalog.connection import _open, one_line
from tokaudit.catalog.patience import Patience
from tokaudit.catalog.versions import applied_migration, migrations, storage_version
from tokaudit.core.errors import CatalogError


def about_catalog(path: Path) -> str:
    """The schema and the storage version of a catalog in words, or why it can't be opened; it is not waited for."""
    if not path.exists():
        return "none"
    try:
        connection = _open(path, Patience(0.0), read_only=True)
    except CatalogError as error:
        return str(error).removeprefix(f"{path}: ")
    try:
        applied = applied_migration(connection)
        storage = storage_version(connection)
    except duckdb.Error as error:
        return f"can't be read ({one_line(error)})"
    finally:
        connection.close()
    schema = "not a catalog" if applied is None else f"schema {applied} (newest: {migrations()[-1][0]})"
    return f"{schema}, storage {storage}"
