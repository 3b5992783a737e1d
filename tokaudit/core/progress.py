"""Interfaces of listeners that follow the progress of long work."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

Notify = Callable[[str], None]
"""Called with a few words that say what is being done now."""


def ignore(_: str) -> None:
    """A `Notify` that does nothing."""


class ProgressListener(Protocol):
    """A listener that follows the progress of an ingest. Threads may call it at once."""

    def total(self, stored_bytes: int, work: float) -> None:
        """Begin to count: set the stored bytes to read and the work that they are, and reset all counts."""

    def note(self, text: str) -> None:
        """Say in a few words what is being done now."""

    def remark(self, text: str) -> None:
        """Say something that stays readable: a sentence without a full stop at its end."""

    def advance(self, work: float, later: float, text_bytes: int, documents: int, tokens: int) -> None:
        """Add work that was done, the text that was counted by it, and the work that follows when all is counted."""

    def working(self, path: str, detail: str) -> AbstractContextManager[None]:
        """A context during which one thread works on a file; ``detail`` is shown after the path."""
        ...
