"""What holds for one call of the program, whatever the command."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.reports import Format

DEFAULT_CATALOG: Final = "tokaudit.duckdb"


@dataclass(slots=True)
class Session:
    """The options that every command takes, before or after its name.

    Attributes:
        named_catalog: the DuckDB file that ``--catalog`` names; None: it names none.
        format: how data is written to stdout.
        quiet: no progress and no notes on stderr; warnings and errors stay.
        verbose: more notes on stderr.
    """

    named_catalog: Path | None = None
    format: Format = "table"
    quiet: bool = False
    verbose: bool = False

    @property
    def catalog(self) -> Path:
        """The DuckDB file: the one named, else ``$TOKAUDIT_CATALOG``, else the one here."""
        return self.named_catalog or Path(os.environ.get("TOKAUDIT_CATALOG") or DEFAULT_CATALOG)
