"""Which catalog and which file of settings are meant where none is named."""

import os
from pathlib import Path
from typing import Final

DEFAULT_CATALOG: Final = "tokaudit.duckdb"
"""The catalog in the working directory."""
DEFAULT_CONFIG: Final = "tokaudit.toml"
"""The file of settings. It is looked for in the working directory alone, as the catalog is: a file somewhere above,
which nobody looks at, could change numbers. Users who work in folders below name the file with ``--config``."""


def default_catalog(usual: Path | None = None) -> Path:
    """The DuckDB file that ``$TOKAUDIT_CATALOG`` names, else ``usual``, else the one in the working directory."""
    return Path(os.environ.get("TOKAUDIT_CATALOG") or usual or DEFAULT_CATALOG)
