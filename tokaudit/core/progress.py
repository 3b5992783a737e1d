"""Interfaces of listeners that follow the progress of long work."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

Notify = Callable[[str], None]
"""Called with a few words that say what is being done now."""


class ProgressListener(Protocol):
    """A listener that follows the progress of an ingest."""

    def total(self, stored_bytes: int) -> None:
        """Set the number of stored bytes to read and reset all counts."""

    def note(self, text: str) -> None:
        """Say in a few words what is being done now."""

    def advance(self, position: int, text_bytes: int, documents: int, tokens: int) -> None:
        """Add text that was counted, up to a position in the stored bytes of the current file."""

    def finish_file(self, size: int) -> None:
        """Mark a file of ``size`` stored bytes as read."""

    def working(self, what: str) -> AbstractContextManager[None]:
        """A context during which one thread works on ``what``."""
        ...
