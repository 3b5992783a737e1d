"""A process that extracts texts as `tokaudit.readers.pages.child` does, with an extractor that misbehaves on demand.

A page that is one of the words below is fatal in its way. Any other page is its own text in capitals, after a while if
it begins with ``SLOW``.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages import child

MEMORY = 100_000_000
"""Bytes that a page may take."""


class PanicError(BaseException):
    """What a library in Rust raises if it gives up."""


def _crash() -> None:
    ctypes.string_at(0)


def _loop() -> NoReturn:
    while True:
        pass


def _fill() -> None:
    bytearray(2 * MEMORY)


def _panic() -> None:
    raise PanicError("called `unwrap()`\non a None value \udcff")


def _raise() -> None:
    raise ValueError


def _kill_once(mark: str) -> None:
    """End this process as the system does, the first time."""
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


FATAL: dict[str, Callable[[], object]] = {
    "CRASH": _crash,
    "ABORT": os.abort,
    "LOOP": _loop,
    "FILL": _fill,
    "PANIC": _panic,
    "RAISE": _raise,
    "LEAVE": sys.exit,
    "EXIT": lambda: os._exit(7),
    "SLEEP": lambda: time.sleep(60),
    "KILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
}


def page_text(kind: PageKind, data: bytes, charset: str | None, extraction: Extraction) -> str:  # noqa: ARG001 - as the original
    """The text of a page."""
    text = data.decode()
    if text in FATAL:
        FATAL[text]()
    if text.startswith("KILL ONCE "):
        _kill_once(text.removeprefix("KILL ONCE "))
    if text.startswith("SLOW"):
        time.sleep(0.2)
    if text == "SURROGATE":
        return "\udcff"
    return text.upper()


def main() -> None:
    """Serve the process that has started this one."""
    vars(child).update(page_text=page_text, MEMORY=MEMORY)
    child.main()
