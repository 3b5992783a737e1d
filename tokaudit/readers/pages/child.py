"""The process that extracts texts for another one, so that a page that crashes or hangs it harms nothing else.

It answers requests on its standard input until that is closed, which happens however the other process ends.
"""

import contextlib
import signal
import sys
from typing import Any, Final

from tokaudit.core.batches import PageKind
from tokaudit.core.extraction import Extraction
from tokaudit.core.types import UInt8
from tokaudit.readers.pages.limits import MEMORY
from tokaudit.readers.pages.page_text import page_text
from tokaudit.readers.processes.channel import Channel, ClosedError
from tokaudit.readers.processes.child import leave_nothing, limit_memory, own_channel

_LARGE: Final = 1 << 20


def _limit_seconds(seconds: float) -> None:
    """Have the system end this process after so many seconds of its own work; 0: never. Windows has no such timer."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _answer(channel: Channel, request: dict[str, Any], payload: UInt8) -> None:
    """Send the text of each page, or why there is none, one by one: if this process ends, it is known at which page."""
    extraction = Extraction(**request["extraction"])
    begin = 0
    limit_memory(MEMORY)
    pages = zip(request["sizes"], request["kinds"], request["charsets"], request["seconds"], strict=True)
    for size, kind, charset, seconds in pages:
        data = payload[begin : begin + size].tobytes()
        begin += size
        if size >= _LARGE:
            limit_memory(MEMORY)
        _limit_seconds(seconds)
        try:
            text = page_text(PageKind(kind), data, charset, extraction).encode()
        except MemoryError:
            channel.send({"kind": "failed", "why": "it takes too much memory"})
        except Exception as error:  # noqa: BLE001 - whatever the library raises is a fault of the page
            channel.send({"kind": "failed", "why": f"the extractor failed: {error}"[:200]})
        else:
            channel.send({"kind": "text"}, text)
        _limit_seconds(0)


def serve(channel: Channel) -> None:
    """Answer requests until the other process ends."""
    with contextlib.suppress(ClosedError):
        channel.send({"kind": "ready"})
        while True:
            _answer(channel, *channel.receive())


def main() -> None:
    """Serve the process that has started this one."""
    leave_nothing()
    serve(own_channel())
    sys.exit(0)
