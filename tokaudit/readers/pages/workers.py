"""Extracting texts in other processes, which a page may crash, hang or fill without harm to this one.

The extractor keeps Python's global lock, so that only processes extract in parallel. A page at which a process ends is
the only one that is lost; the pages after it get a new process.
"""

import signal
import threading
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import byte_lengths
from tokaudit.core.batches import PageBatch
from tokaudit.core.logs import logger
from tokaudit.readers.pages.limits import MEMORY, seconds_for, takes_more_than
from tokaudit.readers.processes.channel import ClosedError
from tokaudit.readers.processes.worker import KILLED, Pool, Worker

_LOG: Final = logger(__name__)
_WAIT: Final = 20
"""How many times longer an answer may take than the computing: others use the processor, too."""
_TRIES: Final = 3
"""How often a page is tried if somebody ends its process, which may have nothing to do with the page."""
_LARGE: Final = 1 << 26
"""Bytes of pages that are extracted while no others of that size are, as each may take `MEMORY`."""
_ALONE: Final = threading.Lock()
IDLE: Final = Pool("tokaudit.readers.pages.child")
"""Processes that wait for pages."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page has no text: the rest of a sentence that begins with "its text can't be extracted: "."""

    why: str


@dataclass(frozen=True, slots=True)
class _Pages:
    """Pages of several batches, in order."""

    data: pa.LargeBinaryArray
    sizes: Sequence[int]
    kinds: Sequence[int]
    charsets: Sequence[str | None]
    extraction: dict[str, Any]

    def request(self, first: int) -> dict[str, Any]:
        """The request for the texts of the pages from one on."""
        return {
            "kind": "extract",
            "sizes": self.sizes[first:],
            "kinds": self.kinds[first:],
            "charsets": self.charsets[first:],
            "seconds": [seconds_for(size) for size in self.sizes[first:]],
            "extraction": self.extraction,
        }

    def payload(self, first: int) -> memoryview:
        """The bytes of the pages from one on."""
        _, ends, values = self.data.buffers()
        if values is None:  # all pages are empty
            return memoryview(b"")
        offsets = np.frombuffer(ends, np.int64)[self.data.offset :]
        return memoryview(values)[int(offsets[first]) : int(offsets[len(self.data)])]


def prepare(number: int) -> None:
    """Start so many processes, as pages are about to come."""
    IDLE.prepare(number)


def extract(batches: Sequence[PageBatch]) -> list[bytes | Failure]:
    """The texts of all pages in UTF-8, in order; a Failure for a page that is given up.

    Args:
        batches: pages that are extracted alike; at least one.

    Raises:
        OSError: no process can be started.
    """
    data = batches[0].pages if len(batches) == 1 else pa.concat_arrays([batch.pages for batch in batches])
    with _ALONE if data.nbytes >= _LARGE else nullcontext():
        return _texts(batches, data)


def _texts(batches: Sequence[PageBatch], data: pa.LargeBinaryArray) -> list[bytes | Failure]:
    """The texts of all pages."""
    pages = _Pages(
        data,
        byte_lengths(data).tolist(),
        np.concatenate([batch.kind for batch in batches]).tolist(),
        [name for batch in batches for name in batch.charset.to_pylist()],
        asdict(batches[0].extraction),
    )
    found: list[bytes | Failure] = []
    killed = 0
    while len(found) < len(pages.sizes):
        first = len(found)
        if pages.sizes[first] * 2 > MEMORY:  # its bytes and its characters
            found.append(Failure(takes_more_than(MEMORY)))
            continue
        worker = IDLE.take()
        try:
            _receive(worker, pages, found)
        except ClosedError:
            code = worker.end()
            _LOG.info("a process that extracts pages ended (exit code %s); another one goes on", code)
            killed = 0 if len(found) > first else killed + 1
            if code not in KILLED or worker.late or killed == _TRIES:
                found.append(_death(worker, code, seconds_for(pages.sizes[len(found)])))
                killed = 0
        except BaseException:
            worker.end()
            raise
        else:
            if IDLE.over:
                worker.end()
            else:
                IDLE.give(worker)
    return found


def _receive(worker: Worker, pages: _Pages, found: list[bytes | Failure]) -> None:
    """Add the texts of the pages that are not found yet.

    Raises:
        ClosedError: the process ended at the page that comes next.
    """
    first = len(found)
    sending = threading.Thread(target=_send, args=(worker, pages, first), name="tokaudit_sending", daemon=True)
    sending.start()  # answers come while pages are sent, and neither pipe may fill up
    for size in pages.sizes[first:]:
        header, payload = worker.receive(int(_WAIT * seconds_for(size)))
        found.append(payload.tobytes() if header["kind"] == "text" else Failure(header["why"]))
    sending.join()


def _send(worker: Worker, pages: _Pages, first: int) -> None:
    """Send the pages from one on. If the process ends meanwhile, whoever receives its answers sees it."""
    with suppress(ClosedError):
        worker.channel.send(pages.request(first), pages.payload(first))


def _death(worker: Worker, code: int, seconds: float) -> Failure:
    """Why the page at which a process ended has no text."""
    if worker.late or code == -getattr(signal, "SIGPROF", 27):
        return Failure(f"it takes more than {seconds:.0f} s")
    if code in KILLED:
        return Failure("the system ended its process several times, probably because memory ran out")
    if code == -getattr(signal, "SIGABRT", 6):
        return Failure(f"the extractor gave up, probably because {takes_more_than(MEMORY)}")
    name = f"exit code {code}"
    with suppress(ValueError):
        name = signal.Signals(-code).name
    return Failure(f"the extractor crashed ({name})")
