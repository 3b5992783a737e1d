"""Progress of long work on stderr: a live line on a terminal, a plain line now and then elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from tokaudit.core.units import format_bytes, format_count

if TYPE_CHECKING:
    from tokaudit.cli.live_line import LiveLine

_PLAIN_SECONDS: Final = 10.0
_LIVE_SECONDS: Final = 0.1
_BEAT_SECONDS: Final = 1.0
_LONG_SECONDS: Final = 5.0
"""What is worked on for longer is named."""


class ProgressReport:
    """A `ProgressListener` that writes to stderr; with `quiet` it writes nothing. Used as a context manager.

    It writes when there is news, and when there has been none for a while: then, what is still worked on.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._line = None if quiet or not sys.stderr.isatty() else _live_line()
        self._started = self._spoken = time.monotonic()
        self._shown = 0.0
        self._finished = self._text = self._documents = self._tokens = self._total = self._read = 0
        self._phase = "starting"
        self._under_way: dict[object, tuple[float, str]] = {}  # in the order in which it was begun
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        if self._line is not None:
            self._line.start()
        if not self._quiet:
            self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._line is not None:
            self._line.stop()

    def total(self, stored_bytes: int) -> None:
        """All there is to read."""
        self._started = time.monotonic()
        self._finished = self._text = self._documents = self._tokens = self._read = 0
        self._total, self._phase = stored_bytes, "counting"
        if self._line is not None:
            self._line.update(total=stored_bytes, description="counting")

    def note(self, text: str) -> None:
        """What is being done now."""
        self._phase, self._spoken = text, time.monotonic()
        if self._line is not None:
            self._line.update(description=text)
        self._say(text)

    def advance(self, position: int, text_bytes: int, documents: int, tokens: int) -> None:
        """So much more text has been counted."""
        self._text += text_bytes
        self._documents += documents
        self._tokens += tokens
        self._show(self._finished + position)

    def finish_file(self, size: int) -> None:
        """A file has been read."""
        self._finished += size
        self._show(self._finished)

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Meanwhile a thread works on this."""
        key = object()
        self._under_way[key] = (time.monotonic(), what)
        try:
            yield
        finally:
            del self._under_way[key]

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            self._show(self._read)

    def _show(self, read: int) -> None:
        now = time.monotonic()
        self._read = read
        if now - self._shown > _LIVE_SECONDS:
            self._shown = now
            if self._line is not None:
                self._line.update(completed=read, counts=self._counts() + self._longest(now))
        if now - self._spoken > _PLAIN_SECONDS:
            self._spoken = now
            self._say(self._state(now) + self._longest(now))

    def _state(self, now: float) -> str:
        if self._phase != "counting":
            return f"still {self._phase}"
        done = self._read / self._total if self._total else 0.0
        left = f", about {(now - self._started) * (1 / done - 1):.0f} s left" if done else ""
        return f"{done:.0%} of {format_bytes(self._total)} read: {self._counts()}{left}"

    def _longest(self, now: float) -> str:
        """What has been worked on for longest, if that is long; empty if not."""
        begun, what = next(iter(self._under_way.copy().values()), (now, ""))
        return f"; for {now - begun:.0f} s at {what}" if now - begun > _LONG_SECONDS else ""

    def _counts(self) -> str:
        rate = self._text / max(time.monotonic() - self._started, 1e-9)
        return (
            f"{format_bytes(self._text)}, {format_count(self._documents)} documents,"
            f" {format_count(self._tokens)} tokens, {format_bytes(rate)}/s"
        )

    def _say(self, line: str) -> None:
        if not self._quiet and self._line is None:
            print(f"tokaudit: {line}", file=sys.stderr, flush=True)


def _live_line() -> "LiveLine":
    from tokaudit.cli.live_line import LiveLine  # where there is no terminal nobody needs rich

    return LiveLine()
