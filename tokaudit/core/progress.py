"""What is told how far long work has come: something to show it, or nobody."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

Notify = Callable[[str], None]
"""Told, in a few words, what is being done now."""


class ProgressListener(Protocol):
    """What is told how far an ingest has come."""

    def total(self, stored_bytes: int) -> None:
        """All there is to read; what was counted before is forgotten."""

    def note(self, text: str) -> None:
        """What is being done now, in a few words."""

    def advance(self, position: int, text_bytes: int, documents: int, tokens: int) -> None:
        """So much more text has been counted, up to a position in the stored bytes of the file that is read."""

    def finish_file(self, size: int) -> None:
        """A file of so many stored bytes has been read."""

    def working(self, what: str) -> AbstractContextManager[None]:
        """Meanwhile a thread works on this."""
        ...
