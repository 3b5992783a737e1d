"""Log records on stderr: those of tokaudit with ``-v``, all details and warnings of other libraries with ``-v -v``.

Without either, nothing is written: Python would print the warnings of other libraries in a form of its own.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tokaudit.core.logs import LIBRARY

Write = Callable[[str, str, str], None]
"""Called with the level, the name of the logger, and the text."""

Asked = Callable[[], tuple[bool, bool]]
"""Returns whether the user asked for more notes, and for all details."""


class _Writer(logging.Handler):
    """Hands records to a function."""

    def __init__(self, write: Write, asked: Asked) -> None:
        super().__init__()
        self._write = write
        self._asked = asked

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, if the user asked for it."""
        verbose, debug = self._asked()
        is_own = record.name.partition(".")[0] == LIBRARY
        if debug or (verbose and is_own and record.levelno >= logging.INFO):
            try:
                text = record.getMessage()
            except (TypeError, ValueError):  # the arguments don't fit the message
                text = str(record.msg)
            self._write(record.levelname.lower(), record.name, text)


@contextmanager
def records_written(write: Write, asked: Asked) -> Iterator[None]:
    """A context in which log records are written: those of tokaudit, from WARNING on those of Python and others.

    Args:
        write: writes a record.
        asked: says which records are to be seen.
    """
    own, root, writer = logging.getLogger(LIBRARY), logging.getLogger(), _Writer(write, asked)
    level, warns = own.level, not sys.warnoptions
    root.addHandler(writer)
    own.setLevel(logging.DEBUG)  # what is asked for may still change: options may stand behind the command's name
    if warns:
        logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        root.removeHandler(writer)
        own.setLevel(level)
        if warns:
            logging.captureWarnings(capture=False)
