"""Progress of long work on stderr: a live line on a terminal, elsewhere a plain line now and then."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Final, NamedTuple, Self

from tokaudit.cli.fitted import Part, beginning, ending, fitted
from tokaudit.cli.live_line import LiveLine
from tokaudit.cli.pace import Pace
from tokaudit.cli.session import print_to_stderr
from tokaudit.core.errors import printable
from tokaudit.core.units import format_bytes, format_count, format_number_of, plural
from tokaudit.reports.wrap import cell_len

_COUNTING: Final = "counting"
_PHASE_SECONDS: Final = 1.0
"""A phase that takes longer is shown in a plain line."""
_PLAIN_SECONDS: Final = 10.0
"""Time between two plain lines of a phase."""
_LIVE_SECONDS: Final = 0.1
_BEAT_SECONDS: Final = 0.25
_LONG_SECONDS: Final = 5.0
"""A file that takes longer is named."""
_PLAIN_COLUMNS: Final = 100
"""Columns of a plain line for the file that is named."""
_BAR: Final = 16
_WHILE_COUNTING: Final = len("verifying 99% · about 99 min left · ")
"""Columns that the live line needs next to the file that is named."""
_WHILE_WAITING: Final = len(" · 999 s · ")
"""The same in another phase, without its name."""
_LEAST_PATH: Final = 12


class _Counts(NamedTuple):
    """What has been counted so far."""

    work: float = 0.0
    later: float = 0.0
    text: int = 0
    documents: int = 0
    tokens: int = 0


class ProgressReport:
    """A `ProgressListener` that writes to stderr; with `quiet` it writes nothing. Used as a context manager.

    It writes when there is news, and meanwhile what is still being done.

    Args:
        quiet: whether nothing is written.
        doing: what is done with documents, in one word.
        clock: returns seconds since some moment.
    """

    def __init__(self, *, quiet: bool, doing: str = _COUNTING, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._doing = doing
        self._tells_tokens = doing == _COUNTING
        self._clock = clock
        self._line = LiveLine(sys.stderr) if not quiet and _is_terminal() else None
        self._lock = threading.RLock()
        self._drawn = self._spoken = self._begun = clock()
        self._phase, self._said = "starting", False
        self._total = self._work = 0.0
        self._counts = _Counts()
        self._pace: Pace | None = None  # while documents are counted
        self._under_way: dict[object, tuple[float, str, str]] = {}  # in the order in which it was begun
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._keep_beating, daemon=True)

    def __enter__(self) -> Self:
        if not self._quiet:
            self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        with self._lock:
            if self._line is not None:
                self._line.clear()

    def total(self, stored_bytes: int, work: float) -> None:
        """Begin to count: set the stored bytes to read and the work that they are, and reset all counts."""
        with self._lock:
            self.note(self._doing)
            self._total, self._work, self._counts, self._pace = stored_bytes, work, _Counts(), Pace()

    def note(self, text: str) -> None:
        """Say in a few words what is being done now."""
        with self._lock:
            self._phase, self._said, self._pace = text, False, None
            self._begun = self._spoken = self._clock()
            if self._line is not None:
                self._draw(self._begun)

    def remark(self, text: str) -> None:
        """Say something that stays readable: a sentence without a full stop at its end."""
        with self._lock:
            if self._line is not None:
                self._line.clear()
            if not self._quiet:
                print_to_stderr(text)

    def advance(self, work: float, later: float, text_bytes: int, documents: int, tokens: int) -> None:
        """Add work that was done, the text that was counted by it, and the work that follows when all is counted."""
        with self._lock:
            had = self._counts
            self._counts = _Counts(
                had.work + work,
                had.later + later,
                had.text + text_bytes,
                had.documents + documents,
                had.tokens + tokens,
            )
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

    def beat(self) -> None:
        """Write how far the work has come, if the last time was long enough ago."""
        with self._lock:
            if self._quiet or self._ended.is_set():
                return
            now = self._clock()
            if self._line is not None:
                if now - self._drawn >= _LIVE_SECONDS:
                    self._draw(now)
                return
            first = self._pace is None and not self._said
            if now - self._spoken >= (_PHASE_SECONDS if first else _PLAIN_SECONDS):
                self._spoken, self._said = now, True
                print_to_stderr(self._plain(now, first=first))

    def _keep_beating(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            with suppress(ValueError):  # stderr was closed
                self.beat()

    def _draw(self, now: float) -> None:
        if self._line is not None and not self._ended.is_set():
            self._drawn = now
            self._line.draw(lambda room: fitted(self._parts(now, room), room))

    def _parts(self, now: float, room: int) -> list[Part]:
        """What the live line shows, from left to right."""
        if self._pace is None:
            longest = Part(6, self._longest(now, room - cell_len(self._phase) - _WHILE_WAITING))
            waited = f"{now - self._begun:.0f} s" if now - self._begun >= _PHASE_SECONDS else ""
            return [Part(9, beginning(printable(self._phase), room)), Part(8, waited), longest]
        done, speed, left = self._done(), self._speed(now), self._left(now)
        return [
            Part(9, self._doing if done is None else f"{self._doing} {done:.0%}"),
            Part(1, "" if done is None else "━" * int(_BAR * done) + "─" * (_BAR - int(_BAR * done))),
            Part(8, left),
            Part(6, self._longest(now, room - _WHILE_COUNTING)),
            Part(5, format_bytes(self._counts.text)),
            Part(3, f"{format_count(self._counts.documents)} {plural('document', self._counts.documents)}"),
            Part(4, f"{format_count(self._counts.tokens)} tokens" if self._tells_tokens else ""),
            Part(2, speed),
        ]

    def _plain(self, now: float, *, first: bool) -> str:
        longest = self._longest(now, _PLAIN_COLUMNS)
        if self._pace is None:
            return "; ".join(filter(None, [self._phase if first else f"still {self._phase}", longest]))
        done, counts = self._done(), self._counts
        share = "" if done is None else f"{done:.0%} of {format_bytes(self._total)}: "
        documents = format_number_of(counts.documents, "document")
        tokens = f", {format_count(counts.tokens)} tokens" if self._tells_tokens else ""
        so_far = f"{format_bytes(counts.text)} of text, {documents}{tokens}"
        pace = ", ".join(filter(None, [self._speed(now), self._left(now)]))
        return "; ".join(filter(None, [share + so_far, pace, longest]))

    def _done(self) -> float | None:
        """The share that has been counted; None if the size is unknown."""
        return min(1.0, self._counts.work / self._work) if self._total else None

    def _speed(self, now: float) -> str:
        speed = self._pace.text_per_second(now) if self._pace else None
        return "" if speed is None else f"{format_bytes(speed)}/s"

    def _left(self, now: float) -> str:
        """The time until all documents are counted and grouped; empty if it is not known."""
        done = self._done()
        if self._pace is None or not done:
            return ""
        left = self._pace.seconds_left(now, self._work + self._counts.later / done)
        return "" if left is None else f"{_duration(left)} left"

    def _longest(self, now: float, room: int) -> str:
        """The file that has been worked on for longest, if that is long; empty if it is not, or there is no room."""
        begun, path, detail = next(iter(self._under_way.copy().values()), (now, "", ""))
        if now - begun <= _LONG_SECONDS:
            return ""
        path, detail, since = printable(path), printable(detail), f"for {now - begun:.0f} s at "
        for end in (detail, ""):
            left = room - len(since) - cell_len(end)
            if left >= _LEAST_PATH:
                return since + ending(path, left) + end
        return ""


def _duration(seconds: float) -> str:
    """A duration in one unit: ``about 40 s``, ``about 3 min``, ``about 2 h``."""
    if seconds < 100:
        return f"about {max(1, round(seconds))} s"
    return f"about {seconds / 60:.0f} min" if seconds < 6_000 else f"about {seconds / 3600:.0f} h"


def _is_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
