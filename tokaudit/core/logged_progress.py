"""Progress of long work as log records, for programs that use tokaudit as a library."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from tokaudit.core.followed_progress import COUNTING, FollowedProgress
from tokaudit.core.logs import logger
from tokaudit.core.units import format_bytes, format_count, format_number_of

SECONDS: Final = 10.0
"""Time between two records on the progress of one phase."""

_LOG: Final = logger("tokaudit.progress")


class LoggedProgress(FollowedProgress):
    """A `ProgressListener` that logs to ``tokaudit.progress``: phases and progress as INFO, remarks as WARNING.

    Every record has the attributes ``phase``, ``done`` (0 to 1, or None), ``documents``, ``tokens``, ``bytes`` (of text
    in UTF-8) and ``seconds`` (since the beginning). Counts are those since the beginning. Used as a context manager,
    it also logs the last counts.

    Args:
        doing: what is done with documents, in one word.
        every: the least time between two records on progress, in seconds.
        clock: returns seconds since some moment.
    """

    def __init__(
        self, doing: str = COUNTING, every: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(doing, clock)
        self._every = every
        self._spoken = clock()
        self._logged = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._phase_ends()

    def remark(self, text: str) -> None:
        """Log a warning."""
        _LOG.warning("%s", text, extra=self._fields())

    def beat(self) -> None:
        """Log how far the work has come, if the last time was long enough ago."""
        with self._lock:
            if self._clock() - self._spoken >= self._every:
                self._log_counts()

    def _phase_ends(self) -> None:
        if self._pace is not None and self._counts.documents != self._logged:
            self._log_counts()

    def _phase_begins(self) -> None:
        self._spoken, self._logged = self._clock(), 0
        _LOG.info("%s", self._phase, extra=self._fields())

    def _log_counts(self) -> None:
        self._spoken, self._logged = self._clock(), self._counts.documents
        reached = self.reached(self._spoken)
        share = "" if reached.done is None else f" {reached.done:.0%}"
        counts = reached.all_counts
        tokens = f", {format_count(counts.tokens)} tokens" if self.counts_tokens else ""
        _LOG.info(
            "%s%s: %s of text, %s%s",
            *(reached.phase, share, format_bytes(counts.text), format_number_of(counts.documents, "document"), tokens),
            extra=self._fields(),
        )

    def _fields(self) -> dict[str, Any]:
        reached = self.reached(self._clock())
        return {
            "phase": reached.phase,
            "done": reached.done,
            "documents": reached.all_counts.documents,
            "tokens": reached.all_counts.tokens if self.counts_tokens else None,
            "bytes": reached.all_counts.text,
            "seconds": round(reached.seconds, 3),
        }
