"""What holds for one call of the program, whatever the command; its way to stderr."""

import re
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from tokaudit.core.default_catalog import default_catalog
from tokaudit.reports.formats import DEFAULT_FORMAT
from tokaudit.reports.readable import readable

if TYPE_CHECKING:
    from tokaudit.cli.events import Events
    from tokaudit.planning.audit_file.read import AuditFile

Progress = Literal["auto", "json", "none"]

_ADVISED: Final = re.compile(r"`(tokaudit [a-z](?![^`]*--(?:help|list|catalog))[^`]*)`")
"""A command that a message advises, unless it asks for help or names a catalog itself."""


@dataclass
class Session:
    """The options that every command takes, before or after its name, and the way to stderr.

    Attributes:
        named_catalog: the DuckDB file that ``--catalog`` names; None if it is not given.
        format: how data is written to stdout, a name in ``REPORTS``.
        raw: whether text cells of CSV are written as they are.
        quiet: print no progress, notes or warnings on stderr, only errors. JSON has the warnings anyway.
        verbose: print more notes on stderr, and what the library logs.
        debug: also print the details that it logs, and warnings of other libraries.
        progress: how stderr is written: ``auto`` is text, with a live line on a terminal; ``json`` is one JSON object
            per line; ``none`` is text without progress.
        above: a context in which a line can be written to stderr while progress is shown.
        named_config: the file of settings that ``--config`` names; None if it is not given.
        usual_catalog: the catalog that the file of settings names; None if there is none.
        file: the file of settings; None if there is none.
        file_fault: why the file can't be used, for a command that works without it; None if it can.
        origins: where the values of common options come from, by name: an option, ``$VARIABLE`` or ``FILE:LINE``.
    """

    named_catalog: Path | None = None
    format: str = DEFAULT_FORMAT
    raw: bool = False
    quiet: bool = False
    verbose: bool = False
    named_config: Path | None = None
    usual_catalog: Path | None = None
    file: "AuditFile | None" = None
    file_fault: str | None = None
    origins: dict[str, str] = field(default_factory=dict)
    debug: bool = False
    progress: Progress = "auto"
    above: Callable[[], AbstractContextManager[None]] = nullcontext
    _begun: float = field(default_factory=time.monotonic, init=False)
    _opened: ExitStack = field(default_factory=ExitStack, init=False)
    _hears_records: bool = field(default=False, init=False)

    @property
    def catalog(self) -> Path:
        """The DuckDB file: the one named, else the default one."""
        return self.named_catalog or default_catalog(self.usual_catalog)

    @cached_property
    def events(self) -> "Events":
        """Where stderr is written with ``--progress json``."""
        from tokaudit.cli.events import Events

        return Events(self._begun)

    def say(self, line: str, *, is_warning: bool = False) -> None:
        """Write a note or a warning to stderr, unless the user asked for quiet."""
        if not self.quiet:
            self._write("warning" if is_warning else "note", line)

    def tell(self, line: str) -> None:
        """Write a note to stderr, even if the user asked for quiet."""
        self._write("note", line)

    def fail(self, line: str, code: int) -> None:
        """Write to stderr why the program ends with this exit code."""
        if self.progress == "json":
            self.events.error(self._advised(line), code)
        else:
            self.tell(line)

    def hear_records(self) -> None:
        """Write log records to stderr from now on, as far as the user asked for them; until `end`."""
        from tokaudit.cli.log_records import records_written

        if not self._hears_records:
            self._hears_records = True
            written = records_written(self._write_record, lambda: (self.verbose, self.debug))
            self._opened.enter_context(written)

    def end(self, code: int) -> None:
        """Hear no more log records; with ``--progress json``, write the last event."""
        self._opened.close()
        if self.progress == "json":
            self.events.done(code)

    def last_words(self, text: str, code: int) -> str:
        """What stderr gets if the program ends suddenly; it never waits."""
        return self.events.last_words(text, code) if self.progress == "json" else f"tokaudit: {text}\n"

    def _write(self, event: str, line: str) -> None:
        if self.progress == "json":
            self.events.write(event, text=self._advised(line))
        else:
            with self.above():
                print_to_stderr(self._advised(line))

    def _write_record(self, level: str, name: str, text: str) -> None:
        if self.quiet:
            return
        if self.progress == "json":
            self.events.write("log", level=level, logger=name, text=text)
        else:
            with self.above():
                print_to_stderr(f"{text} ({level}, {name})" if self.debug else text)

    def _advised(self, line: str) -> str:
        """The line, in which advised commands have the ``--catalog`` and ``--config`` of this call: to be typed so."""
        named = {"--catalog": self.named_catalog, "--config": self.named_config}
        given = [word for option, file in named.items() if file is not None for word in (option, str(file))]
        if not given:
            return line
        import shlex

        return _ADVISED.sub(lambda found: f"`{found[1]} {shlex.join(given)}`", line)


def print_to_stderr(line: str) -> None:
    """Write a line to stderr, with control characters escaped; on a terminal it is wrapped at blanks.

    If stderr can't be written (a full disk, a pipe whose reader went away), the line is lost and the work goes on.
    """
    text = f"tokaudit: {readable(line)}"
    if sys.stderr.isatty():
        from tokaudit.reports.wrap import terminal_width, wrap

        text = "\n".join(wrap(text, terminal_width(sys.stderr)))
    with suppress(OSError):
        print(text, file=sys.stderr)
