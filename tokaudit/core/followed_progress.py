"""How far long work has come: its phase, what has been counted, the speed, and the files that take long."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from tokaudit.core.pace import Pace

COUNTING: Final = "counting"
"""What an ingest does with documents, in one word."""
LONG_SECONDS: Final = 5.0
"""A file that has been worked on for longer is named."""


class Counts(NamedTuple):
    """What has been counted: work done and work that follows it, bytes of text (UTF-8), documents and tokens."""

    work: float = 0.0
    later: float = 0.0
    text: int = 0
    documents: int = 0
    tokens: int = 0

    def plus(self, more: "Counts") -> "Counts":
        """The sum of both."""
        return Counts(
            self.work + more.work,
            self.later + more.later,
            self.text + more.text,
            self.documents + more.documents,
            self.tokens + more.tokens,
        )


class LongFile(NamedTuple):
    """A file that takes long, a remark on the place in it, and the seconds that it has taken so far."""

    path: str
    detail: str
    seconds: float


class Reached(NamedTuple):
    """How far the work has come.

    Attributes:
        phase: what is being done, in a few words.
        is_counting: whether documents are being counted, so that there are counts of this phase.
        done: share of this phase that is done, from 0 to 1; None if it is unknown.
        stored_bytes: bytes to read in this phase; 0 if they are unknown.
        counts: what was counted since the last `total`.
        all_counts: what was counted since the beginning; it never falls.
        bytes_per_second: bytes of text per second in the last seconds; None if unknown.
        seconds_left: seconds until everything is counted and grouped; None if unknown.
        phase_seconds: seconds since the phase began.
        seconds: seconds since the beginning.
        files: the files that take long, the longest first.
    """

    phase: str
    is_counting: bool
    done: float | None
    stored_bytes: int
    counts: Counts
    all_counts: Counts
    bytes_per_second: float | None
    seconds_left: float | None
    phase_seconds: float
    seconds: float
    files: list[LongFile]


class FollowedProgress(ABC):
    """A `ProgressListener` that knows how far the work has come; what inherits from it says so.

    Args:
        doing: what is done with documents, in one word.
        clock: returns seconds since some moment.
    """

    def __init__(self, doing: str = COUNTING, clock: Callable[[], float] = time.monotonic) -> None:
        self.counts_tokens = doing == COUNTING
        self._doing = doing
        self._clock = clock
        self._lock = threading.RLock()
        self._started = self._begun = clock()
        self._phase = "starting"
        self._total = 0
        self._work = 0.0
        self._counts = self._before = Counts()
        self._pace: Pace | None = None  # while documents are counted
        self._under_way: dict[object, tuple[float, str, str]] = {}  # in the order in which it was begun

    @abstractmethod
    def remark(self, text: str) -> None:
        """Say something that stays readable: a sentence without a full stop at its end."""

    @abstractmethod
    def beat(self) -> None:
        """Say how far the work has come, if the last time was long enough ago."""

    @abstractmethod
    def _phase_ends(self) -> None:
        """Hear that the phase ends, while its counts are still there. The lock is held."""

    @abstractmethod
    def _phase_begins(self) -> None:
        """Hear that a phase has begun. The lock is held."""

    def total(self, stored_bytes: int, work: float) -> None:
        """Begin to count: set the stored bytes to read and the work that they are, and reset all counts."""
        with self._lock:
            self._enter(self._doing)
            self._before = self._before.plus(self._counts)
            self._total, self._work, self._counts, self._pace = stored_bytes, work, Counts(), Pace()
            self._phase_begins()

    def note(self, text: str) -> None:
        """Say in a few words what is being done now."""
        with self._lock:
            self._enter(text)
            self._phase_begins()

    def advance(self, work: float, later: float, text_bytes: int, documents: int, tokens: int) -> None:
        """Add work that was done, the text that was counted by it, and the work that follows when all is counted."""
        with self._lock:
            self._counts = self._counts.plus(Counts(work, later, text_bytes, documents, tokens))
            if self._pace is not None:
                self._pace.step(self._clock(), self._counts.work, self._counts.text)
        self.beat()

    @contextmanager
    def working(self, path: str, detail: str) -> Iterator[None]:
        """A context during which one thread works on a file; ``detail`` is shown after the path."""
        key = object()
        self._under_way[key] = (self._clock(), path, detail)
        try:
            yield
        finally:
            del self._under_way[key]

    def reached(self, now: float) -> Reached:
        """How far the work has come at a moment of the clock."""
        with self._lock:
            is_counting = self._pace is not None
            done = min(1.0, self._counts.work / self._work) if is_counting and self._total and self._work else None
            left = self._pace.seconds_left(now, self._work + self._counts.later / done) if self._pace and done else None
            return Reached(
                phase=self._phase,
                is_counting=is_counting,
                done=done,
                stored_bytes=self._total,
                counts=self._counts,
                all_counts=self._before.plus(self._counts),
                bytes_per_second=self._pace.text_per_second(now) if self._pace else None,
                seconds_left=left,
                phase_seconds=now - self._begun,
                seconds=now - self._started,
                files=self._long_files(now),
            )

    def _enter(self, phase: str) -> None:
        self._phase_ends()
        self._phase, self._pace = phase, None
        self._begun = self._clock()

    def _long_files(self, now: float) -> list[LongFile]:
        under_way = self._under_way.copy().values()
        return [LongFile(path, detail, now - begun) for begun, path, detail in under_way if now - begun > LONG_SECONDS]
