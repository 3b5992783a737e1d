"""What holds for one call of the program, whatever the command."""

import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.core.default_catalog import default_catalog
from tokaudit.core.errors import printable
from tokaudit.reports.formats import DEFAULT_FORMAT

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
    """

    named_catalog: Path | None = None
    format: str = DEFAULT_FORMAT
    quiet: bool = False
    verbose: bool = False

    @property
    def catalog(self) -> Path:
        """The DuckDB file: the one named, else ``$TOKAUDIT_CATALOG``, else the one in the working directory."""
        return self.named_catalog or default_catalog()

    def say(self, line: str) -> None:
        """Write a note or a warning to stderr, unless the user asked for quiet."""
        if not self.quiet:
            self.tell(line)

    def tell(self, line: str) -> None:
        """Write a line to stderr; on a terminal it is wrapped at blanks.

        Commands that it advises get the ``--catalog`` of this call, so that they can be typed as they stand.
        """
        if self.named_catalog is not None:
            import shlex

            catalog = shlex.quote(str(self.named_catalog))
            line = _ADVISED.sub(lambda found: f"`{found[1]} --catalog {catalog}`", line)
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
