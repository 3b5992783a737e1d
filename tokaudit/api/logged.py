"""What the command line writes to stderr, for the logger ``tokaudit``."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("tokaudit")


def log_remarks(notes: Iterable[str]) -> None:
    """Log sentences on what was done."""
    for note in notes:
        _LOGGER.info("%s", note)


def log_warnings(notes: Iterable[str]) -> None:
    """Log sentences on what may be wrong with the numbers."""
    for note in notes:
        _LOGGER.warning("%s", note)


class LoggedProgress:
    """A `ProgressListener` that logs what is being done."""

    def total(self, stored_bytes: int, work: float) -> None:
        """Begin to count."""

    def note(self, text: str) -> None:
        """Log what is being done now."""
        _LOGGER.info("%s", text)

    def remark(self, text: str) -> None:
        """Log something that the user must read."""
        _LOGGER.warning("%s", text)

    def advance(self, work: float, later: float, text_bytes: int, documents: int, tokens: int) -> None:
        """Add work that was done."""

    @contextmanager
    def working(self, path: str, detail: str) -> Iterator[None]:  # noqa: ARG002 - the interface
        """A context during which one thread works on a file."""
        yield
