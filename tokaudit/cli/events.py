"""Stderr for programs (``--progress json``): one JSON object per line, written as soon as something happens."""

import json
import math
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from tokaudit.cli.interrupt import last_events


class Events:
    """Writes events to stderr; the last one is ``done``, and nothing follows it.

    The lines are ASCII, whatever the encoding of stderr. If stderr can't be written (a full disk, a pipe whose reader
    went away), the event is lost and the work goes on.

    Args:
        begun: when the program began, in seconds of `time.monotonic`.
    """

    def __init__(self, begun: float) -> None:
        self._begun = begun
        self._lock = threading.RLock()
        self._has_failed = self._is_done = False

    def write(self, event: str, **fields: Any) -> None:
        """Write an event with its fields; numbers that are not finite become null."""
        line = json.dumps({"event": event, **_plain(fields)}, allow_nan=False) + "\n"
        with self._lock:
            if not self._is_done:
                _put(line)

    def error(self, text: str, code: int) -> None:
        """Write why the program ends with this exit code."""
        self.write("error", text=text, exit_code=code)
        self._has_failed = True

    def done(self, code: int) -> None:
        """Write that the program ends."""
        with self._lock:
            if not self._is_done:
                _put(last_events("", code, time.monotonic() - self._begun))
            self._is_done = True

    def last_words(self, text: str, code: int) -> str:
        """What stderr gets if the program ends suddenly: the events that are missing, perhaps none. It never waits."""
        if self._is_done:
            return ""
        return last_events("" if self._has_failed else text, code, time.monotonic() - self._begun)


def _put(line: str) -> None:
    with suppress(OSError, ValueError):  # ValueError: it was closed
        sys.stderr.write(line)
        sys.stderr.flush()


def _plain(value: Any) -> Any:
    """The value as JSON can hold it; what is not valid UTF-8 in a text is escaped."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
