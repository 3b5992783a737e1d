"""What holds for one call of the program, whatever the command."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Format = Literal["table", "json", "csv", "markdown"]
FORMATS: Final[tuple[Format, ...]] = ("table", "json", "csv", "markdown")
DEFAULT_CATALOG: Final = "tokaudit.duckdb"


@dataclass(slots=True)
class Session:
    """The options that every command takes, before or after its name.

    Attributes:
        catalog: the DuckDB file.
        format: how data is written to stdout.
        quiet: no progress and no notes on stderr; warnings and errors stay.
        verbose: more notes on stderr.
    """

    catalog: Path = Path(DEFAULT_CATALOG)
    format: Format = "table"
    quiet: bool = False
    verbose: bool = False
