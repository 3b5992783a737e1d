"""How long to wait for a catalog that another program has open, and who hears of it."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import duckdb

from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import Notify, ignore
from tokaudit.core.units import format_duration

T = TypeVar("T")

LOCK_SECONDS: Final = 10.0
"""Seconds to wait for a file that another process has open, unless the caller is `patient`."""
_SILENT_SECONDS: Final = 1.0
"""A shorter wait is not worth a word."""
_OFTEN_SECONDS: Final = 0.05
_SELDOM_SECONDS: Final = 0.25
"""Time between two tries: in the first ten seconds, and later."""


@dataclass(slots=True)
class Patience:
    """How long a writer waits for others that have the file open.

    Attributes:
        seconds: seconds that each wait may take.
        say: hears one sentence, when the first wait takes longer than a moment.
    """

    seconds: float = LOCK_SECONDS
    say: Notify = ignore

    def tell(self, text: str) -> None:
        """Say it, if nothing was said before."""
        say, self.say = self.say, ignore
        say(text)


_PATIENCE: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patient(seconds: float, say: Notify) -> Iterator[None]:
    """A context in which a writer waits so long for others that have its catalog open, instead of `LOCK_SECONDS`.

    Another writer of tokaudit is not waited for: it may take days, and both would count the same files.
    """
    token = _PATIENCE.set(Patience(seconds, say))
    try:
        yield
    finally:
        _PATIENCE.reset(token)


def patience_of_writer() -> Patience:
    """How long a writer that begins here waits."""
    return _PATIENCE.get() or Patience()


_IN_USE: Final = {
    "lock on file": True,
    "used by another process": True,  # on Windows
    "different configuration": False,
    "file handle conflict": False,
}
"""Words of DuckDB if a file is open elsewhere -> whether it is another process that has it open."""
_HOLDER: Final = re.compile(r"Conflicting lock is held in (?:\S*/)?([^/]+?) \(PID (\d+)\)")


def patiently(
    action: Callable[[], T], path: Path, patience: Patience, refused: Callable[[Path, duckdb.Error], Exception]
) -> T:
    """The result of opening a file; waits if another process or thread has it open.

    Args:
        action: opens the file.
        path: the file, for messages.
        patience: how long to wait for another process. Another thread is waited for `LOCK_SECONDS` at most: it may be
            this one that has the file open.
        refused: makes the error of another reason than that the file is in use.

    Raises:
        CatalogError: the file stays in use, or can't be opened for another reason.
    """
    began = time.monotonic()
    while True:
        try:
            return action()
        except duckdb.Error as error:
            is_other = _in_use_by_another(error)
            if is_other is None:
                raise refused(path, error) from error
            waited = time.monotonic() - began
            seconds = patience.seconds if is_other else min(patience.seconds, LOCK_SECONDS)
            if waited >= seconds:
                raise _stays_in_use(path, error, seconds, is_other=is_other) from error
            if waited > _SILENT_SECONDS and is_other:
                left = f"waiting up to {format_duration(seconds)} until it is closed there"
                patience.tell(f"{path}: is in use by {_holder(error)}; {left}")
        time.sleep(_OFTEN_SECONDS if waited < LOCK_SECONDS else _SELDOM_SECONDS)


def _in_use_by_another(error: duckdb.Error) -> bool | None:
    """Whether another process has the file open, or this one has; None: it fails for another reason."""
    text = re.sub(r'"[^"]*"', "", str(error))  # without the path, which may contain these words
    return next((is_other for said, is_other in _IN_USE.items() if said in text), None)


def _stays_in_use(path: Path, error: duckdb.Error, seconds: float, *, is_other: bool) -> CatalogError:
    if is_other:
        by, remedy = _holder(error), "close it there, and run this again: what was finished is kept"
    else:
        by, remedy = "this process", "close the connection of `duckdb.connect`, or wait for other threads"
    return CatalogError(f"{path}: has been in use by {by} for {format_duration(seconds)}; {remedy}")


def _holder(error: duckdb.Error) -> str:
    """The process that has the file open, as DuckDB names it."""
    found = _HOLDER.search(str(error))
    return f"another process ({found[1]}, PID {found[2]})" if found else "another process"
