"""What holds for one call of the program, whatever the command."""

import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tokaudit.core.errors import printable
from tokaudit.reports.formats import DEFAULT_FORMAT

if TYPE_CHECKING:
    from tokaudit.planning.audit_file.read import AuditFile

DEFAULT_CATALOG: Final = "tokaudit.duckdb"
DEFAULT_CONFIG: Final = "tokaudit.toml"
"""The file of settings. It is looked for in the working directory alone, as the catalog is: a file somewhere above,
which nobody looks at, could change numbers. Users who work in folders below name the file with ``--config``."""

_ADVISED: Final = re.compile(r"`(tokaudit [a-z](?![^`]*--(?:help|list|catalog))[^`]*)`")
"""A command that a message advises, unless it asks for help or names a catalog itself."""


@dataclass(slots=True)
class Session:
    """The options that every command takes, before or after its name.

    Attributes:
        named_catalog: the DuckDB file that ``--catalog`` names; None if it is not given.
        format: how data is written to stdout, a name in ``REPORTS``.
        quiet: print no progress, notes or warnings on stderr, only errors. JSON has the warnings anyway.
        verbose: print more notes on stderr.
        named_config: the file of settings that ``--config`` names; None if it is not given.
        usual_catalog: the catalog that the file of settings names; None if there is none.
        file: the file of settings; None if there is none.
        file_fault: why the file can't be used, for a command that works without it; None if it can.
        origins: where the values of common options come from, by name: an option, ``$VARIABLE`` or ``FILE:LINE``.
    """

    named_catalog: Path | None = None
    format: str = DEFAULT_FORMAT
    quiet: bool = False
    verbose: bool = False
    named_config: Path | None = None
    usual_catalog: Path | None = None
    file: "AuditFile | None" = None
    file_fault: str | None = None
    origins: dict[str, str] = field(default_factory=dict)

    @property
    def catalog(self) -> Path:
        """The DuckDB file: the one named, else ``$TOKAUDIT_CATALOG``, else the file's, else `DEFAULT_CATALOG`."""
        usual = os.environ.get("TOKAUDIT_CATALOG") or self.usual_catalog or DEFAULT_CATALOG
        return self.named_catalog or Path(usual)

    def say(self, line: str) -> None:
        """Write a note or a warning to stderr, unless the user asked for quiet."""
        if not self.quiet:
            self.tell(line)

    def tell(self, line: str) -> None:
        """Write a line to stderr; on a terminal it is wrapped at blanks.

        Commands that it advises get the ``--catalog`` and ``--config`` of this call, so that they can be typed as they
        stand.
        """
        named = {"--catalog": self.named_catalog, "--config": self.named_config}
        if given := [word for option, file in named.items() if file is not None for word in (option, str(file))]:
            import shlex

            line = _ADVISED.sub(lambda found: f"`{found[1]} {shlex.join(given)}`", line)
        print_to_stderr(line)


def print_to_stderr(line: str) -> None:
    """Write a line to stderr, with control characters escaped; on a terminal it is wrapped at blanks.

    If stderr can't be written (a full disk, a pipe whose reader went away), the line is lost and the work goes on.
    """
    text = f"tokaudit: {printable(line)}"
    if sys.stderr.isatty():
        from tokaudit.reports.wrap import terminal_width, wrap

        text = "\n".join(wrap(text, terminal_width(sys.stderr)))
    with suppress(OSError):
        print(text, file=sys.stderr)
