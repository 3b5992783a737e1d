"""Progress of long work as events, for programs that follow it."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from tokaudit.cli.events import Events
from tokaudit.core.followed_progress import COUNTING, FollowedProgress

_SECONDS: Final = 1.0
"""Time between two events of one phase."""
_MOST_FILES: Final = 8
"""Files named in one event."""


class ProgressEvents(FollowedProgress):
    """A `ProgressListener` that writes events: at each change of phase, and once per second. A context manager.

    Args:
        events: where to write.
        doing: what is done with documents, in one word.
        clock: returns seconds since some moment.
    """

    def __init__(self, events: Events, *, doing: str = COUNTING, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(doing, clock)
        self._events = events
        self._spoken = clock()
        self._is_said = True
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._keep_beating, daemon=True)

    def __enter__(self) -> Self:
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._phase_ends()
            self._ended.set()

    def remark(self, text: str) -> None:
        """Write a warning."""
        self._events.write("warning", text=text)

    def advance(self, work: float, later: float, text_bytes: int, documents: int, tokens: int) -> None:
        """Add work that was done, the text that was counted by it, and the work that follows when all is counted."""
        self._is_said = False
        super().advance(work, later, text_bytes, documents, tokens)

    def beat(self) -> None:
        """Write how far the work has come, if the last time was long enough ago."""
        with self._lock:
            if self._clock() - self._spoken >= _SECONDS and not self._ended.is_set():
                self._write()

    def _phase_ends(self) -> None:
        if not self._is_said:
            self._write()

    def _phase_begins(self) -> None:
        if not self._ended.is_set():
            self._write()

    def _keep_beating(self) -> None:
        while not self._ended.wait(_SECONDS):
            self.beat()

    def _write(self) -> None:
        self._spoken, self._is_said = self._clock(), True
        reached = self.reached(self._spoken)
        counts = reached.all_counts
        speed, left = reached.bytes_per_second, reached.seconds_left
        self._events.write(
            "progress",
            phase=reached.phase,
            done=None if reached.done is None else round(reached.done, 4),
            documents=counts.documents,
            tokens=counts.tokens if self.counts_tokens else None,
            bytes=counts.text,
            bytes_per_second=None if speed is None else round(speed),
            seconds_left=None if left is None else round(left, 1),
            seconds=round(reached.seconds, 3),
            files=[
                {"path": path, "detail": detail.strip(" ,"), "seconds": round(seconds, 1)}
                for path, detail, seconds in reached.files[:_MOST_FILES]
            ],
        )
