"""Ranges of a file at a URL: as little as is asked for at first, then more and more ahead of the reader."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final

from tokaudit.readers.paths.patience import patiently

_FIRST: Final = 1 << 18
_LARGEST: Final = 1 << 22
_AHEAD: Final = 48 << 20
"""Bytes ahead of a reader: at 20 MB/s per connection and half a second per answer they fill a line of 70 MB/s."""
_MOST: Final = 56 << 20
"""Bytes of one file that are held."""
_RUNS: Final = 8
_NEAR: Final = 1 << 16
"""Bytes that may be skipped without beginning anew."""
_THREADS: Final = 32

Fetch = Callable[[int, int], bytes]
"""The bytes from one place up to another."""


@dataclass(slots=True)
class _Run:
    """Reading that goes on from one place.

    Attributes:
        next: the place where it goes on.
        length: bytes that were read so far.
    """

    next: int
    length: int = 0


class Ranges:
    """Ranges of a file that were fetched, or are on their way.

    What is asked for at once is fetched at once, in several ranges. Beyond that, the longer a run of reading, the
    longer are its ranges, and the more of them are on their way: looking at the head of a file costs no more than that,
    and reading on does not wait for each answer. Several runs may take turns, such as one for each column of a Parquet
    file, and several streams in several threads.

    Args:
        fetch: fetches a range.
        size: of the file, in bytes.
        parallel: whether several ranges may be fetched at once.
    """

    def __init__(self, fetch: Fetch, size: int, *, parallel: bool) -> None:
        self._fetch = fetch
        self._size = size
        self._parallel = parallel
        self._runs: deque[_Run] = deque(maxlen=_RUNS)  # the one that was read last is the last
        self._ranges: dict[int, tuple[int, Future[bytes]]] = {}  # begin -> end and bytes, likewise
        self._held = 0
        self._known = 0  # bytes of a run that is known to come
        self._lock = threading.Lock()

    def read(self, place: int, size: int) -> memoryview:
        """At least one and up to `size` bytes from a place before the end of the file.

        Raises:
            Exception: whatever the last try to fetch them raised.
        """
        with self._lock:
            run = next((run for run in self._runs if 0 <= place - run.next <= _NEAR), _Run(place))
            if run in self._runs:
                self._runs.remove(run)
            self._runs.append(run)
            known = self._known or run.length
            ahead = min(2 * known, _AHEAD) if known >= _FIRST else 0
            begin, found = self._soon(place, min(max(size, ahead), _AHEAD), max(known, size))
        data = memoryview(found.result())[place - begin :][:size]
        with self._lock:
            run.next, run.length = place + len(data), run.length + len(data)
        return data

    def start(self, size: int) -> None:
        """Begin to fetch the first bytes of the file, for a reader that comes later and reads all of it."""
        with self._lock:
            self._known = _AHEAD
            self._soon(0, min(size, _AHEAD), _LARGEST)

    def _soon(self, place: int, ahead: int, length: int) -> tuple[int, "Future[bytes]"]:
        """The range that has a place; it and the next ones up to `ahead` bytes from there are on their way.

        Those that no reader has come to yet are the last to be forgotten.
        """
        first = self._begin(place, length)
        last, at = first, self._touched(first)
        while self._parallel and at < min(place + ahead, self._size):
            last = self._begin(at, length)
            at = self._touched(last)
        while self._held > _MOST and (oldest := next(iter(self._ranges))) not in (first, last):
            self._forget(oldest)
        return first, self._ranges[first][1]

    def _touched(self, begin: int) -> int:
        """The end of a range, which is now the last to be forgotten."""
        self._ranges[begin] = self._ranges.pop(begin)
        return self._ranges[begin][0]

    def _begin(self, place: int, length: int) -> int:
        """Where the range begins that has a place; it is fetched if there is none."""
        after = self._size
        for begin, (end, _) in self._ranges.items():
            if begin <= place < end:
                return begin
            if begin > place:
                after = min(after, begin)
        end = min(place + min(max(length, _FIRST), _LARGEST), after)
        self._ranges[place] = end, _fetched_soon(self._fetch, place, end, parallel=self._parallel)
        self._held += end - place
        return place

    def _forget(self, begin: int) -> None:
        end, found = self._ranges.pop(begin)
        found.cancel()
        self._held -= end - begin

    def drop(self) -> None:
        """Forget all ranges, and fetch none that is only waiting."""
        with self._lock:
            for begin in list(self._ranges):
                self._forget(begin)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, "remote")


_one_at_a_time: Final = threading.Lock()


def _fetched_soon(fetch: Fetch, begin: int, end: int, *, parallel: bool) -> "Future[bytes]":
    if parallel:
        return _threads().submit(fetch_patiently, fetch, begin, end)
    done: Future[bytes] = Future()
    with _one_at_a_time:
        done.set_result(fetch_patiently(fetch, begin, end))
    return done


def fetch_patiently(fetch: Fetch, begin: int, end: int) -> bytes:
    """The bytes of a range. After a fault that may pass it is fetched again: see `patiently`.

    Raises:
        Exception: what the last try raised.
        EOFError: there are fewer bytes, or more.
    """

    def fetched() -> bytes:
        data = bytes(fetch(begin, end))
        if len(data) != end - begin:
            raise EOFError(f"the server gives {len(data)} of the {end - begin} bytes from byte {begin} on")
        return data

    return patiently(fetched)
