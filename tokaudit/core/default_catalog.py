"""Which catalog is meant where none is named."""

import os
from pathlib import Path
from typing import Final

DEFAULT_CATALOG: Final = "tokaudit.duckdb"
"""The catalog in the working directory."""


def default_catalog(usual: Path | None = None) -> Path:
    """The DuckDB file that ``$TOKAUDIT_CATALOG`` names, else ``usual``, else the one in the working directory."""
    return Path(os.environ.get("TOKAUDIT_CATALOG") or usual or DEFAULT_CATALOG)
