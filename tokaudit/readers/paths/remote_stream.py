"""Reading files at URLs: as little as is asked for at first, then more and more ahead of the reader."""

import io
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import IO, Any, Final

from tokaudit.readers.paths.remote import file_system, why_not

_FIRST: Final = 1 << 18
_LARGEST: Final = 1 << 22
_AHEAD: Final = 1 << 24
_MOST: Final = 1 << 25
"""Bytes of one file that are held."""
_RUNS: Final = 8
_NEAR: Final = 1 << 16
"""Bytes that may be skipped without beginning anew."""
_THREADS: Final = 16
_BUFFER: Final = 1 << 16
_TRIES: Final = 4
_PATIENCE_SECONDS: Final = 8.0
"""After that nothing is tried again. Most file systems have tried several times themselves by then."""

_NO_RANGES: Final = "its server sends whole files only, and this format is not read from start to end: download it"

Fetch = Callable[[int, int], bytes]
"""The bytes from one place up to another."""


class RemoteError(OSError):
    """A file at a URL can't be read; file systems raise many kinds of errors."""


def open_remote(url: str) -> IO[bytes]:
    """A stream of the bytes at a URL from the start, seekable unless the server only sends whole files.

    Raises:
        RemoteError: the file can't be opened. Reading raises it, too.
    """
    try:
        system, path = file_system(url)
        return io.BufferedReader(_opened(system, path), _BUFFER)
    except Exception as error:
        raise RemoteError(why_not(error)) from error


def _opened(system: Any, path: str) -> io.RawIOBase:
    from fsspec.spec import AbstractBufferedFile  # noqa: PLC0415 - slow to import, and local files don't need it

    try:
        file = system.open(path, "rb", cache_type="none")
    except TypeError:
        file = system.open(path, "rb")
    if not isinstance(file, AbstractBufferedFile) or file.size is None:
        return _Plain(file, system)
    # Connections of other file systems may do one thing at a time.
    parallel = bool(system.async_impl) or "hf" in system.protocol
    return _Ranged(file, lambda: system.open(path, "rb", block_size=0), parallel=parallel)


class _Remote(io.RawIOBase):
    """A stream whose errors are all `RemoteError`."""

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any, /) -> int:
        try:
            data = self.some(len(target))
        except Exception as error:
            raise RemoteError(why_not(error)) from error
        target[: len(data)] = data
        return len(data)

    def some(self, size: int) -> bytes | memoryview:
        """The next bytes, up to `size`; none only at the end."""
        raise NotImplementedError


class _Plain(_Remote):
    """A file that reads ahead itself, or that can only be read from start to end."""

    def __init__(self, file: Any, system: Any) -> None:
        self._file = file
        self._system = system  # an archive closes its files when nobody knows it any more

    def some(self, size: int) -> bytes:
        return bytes(self._file.read(size))

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        try:
            return int(self._file.seek(offset, whence) or self._file.tell())
        except Exception as error:
            raise RemoteError(_NO_RANGES) from error

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class _Ranged(_Remote):
    """A file that is fetched in ranges.

    Args:
        file: a file of fsspec without a cache.
        reopen: opens it for reading from start to end.
        parallel: whether several ranges may be fetched at once.
    """

    def __init__(self, file: Any, reopen: Callable[[], Any], *, parallel: bool) -> None:
        self._file = file
        self._reopen = reopen
        self._size = int(file.size)
        self._place = 0
        self._whole: Any = None  # the file from start to end, if its server knows no ranges
        self._ranges = _Ranges(file.cache.fetcher, self._size, parallel=parallel)

    def some(self, size: int) -> bytes | memoryview:
        if self._place >= self._size:
            return b""
        data = self._ranged(size) if self._whole is None else None
        if data is None:
            data = self._whole.read(size)
            if not data:
                raise EOFError(f"the server ends it after {self._place} of {self._size} bytes")
        self._place += len(data)
        return data

    def _ranged(self, size: int) -> memoryview | None:
        """Bytes from a range; None if it turns out that there are no ranges."""
        try:
            return self._ranges.read(self._place, size)
        except ValueError as error:
            if "range requests" not in str(error):
                raise
        self._whole = self._reopen()
        left = self._place
        while left and (data := self._whole.read(min(left, _LARGEST))):
            left -= len(data)
        return None

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        place = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence] + offset
        if self._whole is not None and place != self._place:
            raise RemoteError(_NO_RANGES)
        self._place = place
        return place

    def tell(self) -> int:
        return self._place

    def close(self) -> None:
        if not self.closed:
            self._ranges.drop()
            self._file.close()
            if self._whole is not None:
                self._whole.close()
        super().close()


@dataclass(slots=True)
class _Run:
    """Reading that goes on from one place.

    Attributes:
        next: the place where it goes on.
        length: bytes that were read so far.
    """

    next: int
    length: int = 0


class _Ranges:
    """Ranges of a file that were fetched, or are on their way.

    The longer a run of reading, the longer are its ranges, and the more of them are on their way: looking at the head
    of a file costs no more than that, and reading on does not wait for each answer. Several runs may take turns, such
    as one for each column of a Parquet file.
    """

    def __init__(self, fetch: Fetch, size: int, *, parallel: bool) -> None:
        self._fetch = fetch
        self._size = size
        self._parallel = parallel
        self._runs: deque[_Run] = deque(maxlen=_RUNS)  # the one that was read last is the last
        self._ranges: dict[int, tuple[int, Future[bytes]]] = {}  # begin -> end and bytes, likewise
        self._held = 0

    def read(self, place: int, size: int) -> memoryview:
        """At least one and up to `size` bytes from a place before the end of the file."""
        run = next((run for run in self._runs if 0 <= place - run.next <= _NEAR), _Run(place))
        if run in self._runs:
            self._runs.remove(run)
        self._runs.append(run)
        ahead = min(2 * run.length, _AHEAD) if self._parallel and run.length >= _FIRST else 0
        begin = self._begin(place, run)
        end, found = self._ranges.pop(begin)
        self._ranges[begin] = end, found
        at = end
        while at < min(place + ahead, self._size):
            at = self._ranges[self._begin(at, run)][0]
        while self._held > _MOST and next(iter(self._ranges)) != begin:
            self._forget(next(iter(self._ranges)))
        data = memoryview(found.result())[place - begin :][:size]
        run.next, run.length = place + len(data), run.length + len(data)
        return data

    def _begin(self, place: int, run: _Run) -> int:
        """Where the range begins that has a place; it is fetched if there is none."""
        after = self._size
        for begin, (end, _) in self._ranges.items():
            if begin <= place < end:
                return begin
            if begin > place:
                after = min(after, begin)
        end = min(place + min(max(run.length, _FIRST), _LARGEST), after)
        self._ranges[place] = end, _soon(self._fetch, place, end, parallel=self._parallel)
        self._held += end - place
        return place

    def _forget(self, begin: int) -> None:
        end, found = self._ranges.pop(begin)
        found.cancel()
        self._held -= end - begin

    def drop(self) -> None:
        """Forget all ranges, and fetch none that is only waiting."""
        for begin in list(self._ranges):
            self._forget(begin)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, "remote")


_one_at_a_time: Final = threading.Lock()


def _soon(fetch: Fetch, begin: int, end: int, *, parallel: bool) -> "Future[bytes]":
    if parallel:
        return _threads().submit(fetch_patiently, fetch, begin, end)
    done: Future[bytes] = Future()
    with _one_at_a_time:
        done.set_result(fetch_patiently(fetch, begin, end))
    return done


def fetch_patiently(fetch: Fetch, begin: int, end: int) -> bytes:
    """The bytes of a range. After a fault that may pass it is fetched again, a few times within some seconds.

    Raises:
        Exception: what the last try raised.
        EOFError: there are fewer bytes.
    """
    started = time.monotonic()
    for pause in _pauses():
        try:
            data = bytes(fetch(begin, end))
        except (FileNotFoundError, PermissionError, ValueError):
            raise
        except Exception as error:
            if pause is None or type(error).__name__ == "FileExpired" or time.monotonic() - started > _PATIENCE_SECONDS:
                raise
        else:
            if len(data) == end - begin:
                return data
            if pause is None:
                break
        time.sleep(pause)
    raise EOFError(f"the server gives {len(data)} of the {end - begin} bytes from byte {begin} on")


def _pauses() -> Iterator[float | None]:
    """Seconds to wait after each try that fails; None after the last."""
    yield from (0.2 * 3**number for number in range(_TRIES - 1))
    yield None
