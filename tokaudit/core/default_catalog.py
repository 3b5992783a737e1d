"""Which catalog is meant where none is named."""

import os
from pathlib import Path
from typing import Final

DEFAULT_CATALOG: Final = "tokaudit.duckdb"
"""The catalog in the working directory."""


def default_catalog() -> Path:
    """The DuckDB file that ``$TOKAUDIT_CATALOG`` names, or else the one in the working directory."""
    return Path(os.environ.get("TOKAUDIT_CATALOG") or DEFAULT_CATALOG)
