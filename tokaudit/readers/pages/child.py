"""The process that extracts texts for another one, so that a page that crashes or hangs it harms nothing else.

It answers requests on its standard input until that is closed, which happens however the other process ends.
"""

import contextlib
import signal
import sys
from typing import Any, Final

from tokaudit.core.child_process import leave_nothing, limit_memory
from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages.limits import MEMORY, takes_more_than
from tokaudit.readers.pages.page_text import page_text
from tokaudit.readers.processes.channel import Channel, ClosedError
from tokaudit.readers.processes.child import own_channel

_LARGE: Final = 1 << 20
_LEAST: Final = 1 << 26
"""Bytes to say with that there are no more."""
_MOST_SAID: Final = 200


def _limit_seconds(seconds: float) -> None:
    """Have the system end this process after so many seconds of its own work; 0: never. Windows has no such timer."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _answer(channel: Channel, request: dict[str, Any]) -> None:
    """Send the text of each page, or why there is none, one by one: if this process ends, it is known at which page.

    Pages are read one by one, too, so that the next ones are sent while one is extracted.
    """
    extraction = Extraction(**request["extraction"])
    limit_memory(MEMORY)
    pages = zip(request["sizes"], request["kinds"], request["charsets"], request["seconds"], strict=True)
    for size, kind, charset, seconds in pages:
        if size >= _LARGE:
            limit_memory(None)
        data = channel.read(size).tobytes()
        if size >= _LARGE:
            limit_memory(max(MEMORY - size, _LEAST))
        _limit_seconds(seconds)
        try:
            text = page_text(PageKind(kind), data, charset, extraction)
            found = b"" if text.isspace() else text.encode()
        except MemoryError:
            channel.send({"kind": "failed", "why": takes_more_than(MEMORY)})
        except BaseException as error:  # noqa: BLE001 - what libraries raise, panics of Rust too, is the page's fault
            channel.send({"kind": "failed", "why": f"the extractor failed: {_line(error)}"})
        else:
            channel.send({"kind": "text"}, found)
        _limit_seconds(0)
    limit_memory(None)  # the next request may be larger


def _line(error: BaseException) -> str:
    """What an error says, in one short line that can be stored."""
    said = str(error).encode(errors="replace").decode()
    return " ".join(said.split())[:_MOST_SAID] or type(error).__name__


def serve(channel: Channel) -> None:
    """Answer requests until the other process ends."""
    with contextlib.suppress(ClosedError):
        channel.send({"kind": "ready"})
        while True:
            request, _ = channel.receive_header()
            _answer(channel, request)


def main() -> None:
    """Serve the process that has started this one."""
    leave_nothing()
    serve(own_channel())
    sys.exit(0)
