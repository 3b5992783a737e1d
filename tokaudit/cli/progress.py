"""Progress of long work on stderr: a live line on a terminal, elsewhere a plain line now and then."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from types import TracebackType
from typing import Final, Self

from tokaudit.cli.fitted import Part, ending, fitted
from tokaudit.cli.live_line import LiveLine
from tokaudit.cli.session import Session, print_to_stderr
from tokaudit.core.followed_progress import COUNTING, FollowedProgress, Reached
from tokaudit.core.printable import printable
from tokaudit.core.units import format_bytes, format_count, format_number_of, plural
from tokaudit.reports.wrap import beginning, cell_len

_PHASE_SECONDS: Final = 1.0
"""A phase that takes longer is shown in a plain line."""
_PLAIN_SECONDS: Final = 10.0
"""Time between two plain lines of a phase."""
_LIVE_SECONDS: Final = 0.1
_BEAT_SECONDS: Final = 0.25
_PLAIN_COLUMNS: Final = 100
"""Columns of a plain line for the file that is named."""
_BAR: Final = 16
_WHILE_COUNTING: Final = len("verifying 99% · about 99 min left · ")
"""Columns that the live line needs next to the file that is named."""
_WHILE_WAITING: Final = len(" · 999 s · ")
"""The same in another phase, without its name."""
_LEAST_PATH: Final = 12


@contextmanager
def show_progress(session: Session, doing: str = COUNTING) -> Iterator[FollowedProgress]:
    """A context with a listener that shows the progress of long work as the user asked: `Session.progress`.

    Every command that shows progress does it through this. Log records are handled while it lasts.
    """
    session.hear_records()
    if session.progress == "json" and not session.quiet:
        from tokaudit.cli.progress_events import ProgressEvents

        with ProgressEvents(session.events, doing=doing) as events:
            yield events
        return
    with ProgressReport(quiet=session.quiet, only_remarks=session.progress == "none", doing=doing) as report:
        session.above = report.above
        try:
            yield report
        finally:
            session.above = nullcontext


class ProgressReport(FollowedProgress):
    """A `ProgressListener` that writes to stderr. Used as a context manager.

    It writes when there is news, and meanwhile what is still being done.

    Args:
        quiet: whether nothing is written.
        only_remarks: whether remarks are written and no progress.
        doing: what is done with documents, in one word.
        clock: returns seconds since some moment.
    """

    def __init__(
        self,
        *,
        quiet: bool,
        only_remarks: bool = False,
        doing: str = COUNTING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(doing, clock)
        self._quiet = quiet
        self._is_shown = not quiet and not only_remarks
        self._line = LiveLine(sys.stderr) if self._is_shown and _is_terminal() else None
        self._drawn = self._spoken = clock()
        self._said = False
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._keep_beating, daemon=True)

    def __enter__(self) -> Self:
        if self._is_shown:
            self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        with self.above():
            pass

    def remark(self, text: str) -> None:
        """Say something that stays readable: a sentence without a full stop at its end."""
        if not self._quiet:
            with self.above():
                print_to_stderr(text)

    @contextmanager
    def above(self) -> Iterator[None]:
        """A context in which lines can be written to stderr: the live line is cleared, and drawn again later."""
        with self._lock:
            if self._line is not None:
                self._line.clear()
            yield

    def beat(self) -> None:
        """Write how far the work has come, if the last time was long enough ago."""
        with self._lock:
            if not self._is_shown or self._ended.is_set():
                return
            now = self._clock()
            if self._line is not None:
                if now - self._drawn >= _LIVE_SECONDS:
                    self._draw(now)
                return
            first = self._pace is None and not self._said
            if now - self._spoken >= (_PHASE_SECONDS if first else _PLAIN_SECONDS):
                self._spoken, self._said = now, True
                print_to_stderr(self._plain(self.reached(now), first=first))

    def _phase_ends(self) -> None:
        pass

    def _phase_begins(self) -> None:
        self._said, self._spoken = False, self._clock()
        if self._line is not None:
            self._draw(self._spoken)

    def _keep_beating(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            with suppress(ValueError):  # stderr was closed
                self.beat()

    def _draw(self, now: float) -> None:
        if self._line is not None and not self._ended.is_set():
            self._drawn = now
            self._line.draw(lambda room: fitted(self._parts(self.reached(now), room), room))

    def _parts(self, reached: Reached, room: int) -> list[Part]:
        """What the live line shows, from left to right."""
        if not reached.is_counting:
            longest = Part(6, _longest(reached, room - cell_len(reached.phase) - _WHILE_WAITING))
            waited = f"{reached.phase_seconds:.0f} s" if reached.phase_seconds >= _PHASE_SECONDS else ""
            return [Part(9, beginning(printable(reached.phase), room)), Part(8, waited), longest]
        done, counts = reached.done, reached.counts
        return [
            Part(9, reached.phase if done is None else f"{reached.phase} {done:.0%}"),
            Part(1, "" if done is None else "━" * int(_BAR * done) + "─" * (_BAR - int(_BAR * done))),
            Part(8, _left(reached)),
            Part(6, _longest(reached, room - _WHILE_COUNTING)),
            Part(5, format_bytes(counts.text)),
            Part(3, f"{format_count(counts.documents)} {plural('document', counts.documents)}"),
            Part(4, f"{format_count(counts.tokens)} tokens" if self.counts_tokens else ""),
            Part(2, _speed(reached)),
        ]

    def _plain(self, reached: Reached, *, first: bool) -> str:
        longest = _longest(reached, _PLAIN_COLUMNS)
        if not reached.is_counting:
            return "; ".join(filter(None, [reached.phase if first else f"still {reached.phase}", longest]))
        done, counts = reached.done, reached.counts
        share = "" if done is None else f"{done:.0%} of {format_bytes(reached.stored_bytes)}: "
        documents = format_number_of(counts.documents, "document")
        tokens = f", {format_count(counts.tokens)} tokens" if self.counts_tokens else ""
        so_far = f"{format_bytes(counts.text)} of text, {documents}{tokens}"
        pace = ", ".join(filter(None, [_speed(reached), _left(reached)]))
        return "; ".join(filter(None, [share + so_far, pace, longest]))


def _speed(reached: Reached) -> str:
    return "" if reached.bytes_per_second is None else f"{format_bytes(reached.bytes_per_second)}/s"


def _left(reached: Reached) -> str:
    """The time until all documents are counted and grouped; empty if it is not known."""
    return "" if reached.seconds_left is None else f"{_duration(reached.seconds_left)} left"


def _longest(reached: Reached, room: int) -> str:
    """The file that has been worked on for longest, if that is long; empty if it is not, or there is no room."""
    if not reached.files:
        return ""
    first = reached.files[0]
    path, detail, since = printable(first.path), printable(first.detail), f"for {first.seconds:.0f} s at "
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
