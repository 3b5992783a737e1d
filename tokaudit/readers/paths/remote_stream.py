"""Reading files at URLs as streams."""

import io
import os
from collections.abc import Callable
from functools import partial
from typing import IO, Any, Final

from tokaudit.readers.paths.patience import ChangedError, may_pass, patiently
from tokaudit.readers.paths.ranges import Fetch, Ranges
from tokaudit.readers.paths.remote import file_system, is_of_web, modified_of, why_not
from tokaudit.readers.paths.s3_ranges import fetch_from_s3
from tokaudit.readers.paths.web_ranges import NoRangesError, WebFile

_BUFFER: Final = 1 << 16
_SKIPPED: Final = 1 << 22
_NO_RANGES: Final = "its server sends whole files only, and this format is not read from start to end: download it"
_TAG: Final = "ETag="


class RemoteError(OSError):
    """A file at a URL can't be read; file systems raise many kinds of errors."""


class OpenRemote:
    """An open file at a URL, which any number of streams may read.

    Args:
        url: its URL.
        size: bytes that were found; 0: unknown.
        modified: the version that was found, as `find_remote` says; empty: any.

    Raises:
        RemoteError: the file can't be opened.
    """

    def __init__(self, url: str, size: int, modified: str) -> None:
        self._size = size
        self._modified = modified
        self._plain: Any = None  # a file without ranges that no stream reads yet
        try:
            self._system, self._path = file_system(url)
            self._ranged = patiently(self._opened)
        except Exception as error:
            raise RemoteError(why_not(error)) from error

    def _opened(self) -> "tuple[Ranges, WebFile | None, int] | None":
        """The ranges of the file, what knows more of one at a web address, and its size; None if it has no ranges."""
        from fsspec.spec import AbstractBufferedFile  # noqa: PLC0415 - slow to import, and local files don't need it

        is_web = is_of_web(self._system)
        file = self._file(size=self._size) if is_web and self._size else self._file()  # it asks for a size unknown
        if not isinstance(file, AbstractBufferedFile) or file.size is None:
            self._plain = file
            return None
        size = int(file.size)
        tag = self._modified if self._modified.startswith(_TAG) else ""
        if is_web:
            web = WebFile(file, tag.removeprefix(_TAG))
            return Ranges(web.fetch, size, parallel=True), web, size
        found = modified_of(file.details) if tag else ""
        if found.startswith(_TAG) and found != tag:
            raise ChangedError
        # Connections of other file systems may do one thing at a time.
        parallel = bool(self._system.async_impl) or "hf" in self._system.protocol
        is_s3 = "s3" in self._system.protocol
        fetch: Fetch = partial(fetch_from_s3, file) if is_s3 else file.cache.fetcher
        return Ranges(fetch, size, parallel=parallel), None, size

    def _file(self, **known: int) -> Any:
        try:
            return self._system.open(self._path, "rb", cache_type="none", **known)
        except TypeError:
            return self._system.open(self._path, "rb")

    def stream(self, *, alone: bool = True) -> IO[bytes]:
        """A stream of the bytes from the start, seekable unless the server only sends whole files.

        Args:
            alone: whether nothing else reads the file, so that what was fetched is dropped with the stream.

        Raises:
            RemoteError: the file can't be opened. Reading raises it, too.
        """
        if self._ranged is not None:
            ranges, web, size = self._ranged
            return io.BufferedReader(_Ranged(ranges, size, web, alone=alone), _BUFFER)
        plain, self._plain = self._plain, None
        try:
            return io.BufferedReader(_Plain(plain or patiently(self._file), self._system), _BUFFER)
        except Exception as error:
            raise RemoteError(why_not(error)) from error

    def start(self, size: int) -> None:
        """Begin to fetch the first bytes, for a stream that is opened later."""
        if self._ranged is not None:
            self._ranged[0].start(size)

    def drop(self) -> None:
        """Forget what was fetched."""
        if self._ranged is not None:
            self._ranged[0].drop()


class FailedRemote:
    """A file at a URL that was asked for in vain: nobody waits for it once more.

    Args:
        error: why it can't be read.
    """

    def __init__(self, error: OSError) -> None:
        self._why = str(error)

    def stream(self, *, alone: bool = True) -> IO[bytes]:  # noqa: ARG002 - as of an open file
        """Raise `RemoteError`."""
        raise RemoteError(self._why)

    def drop(self) -> None:
        """Do nothing: there is nothing to forget."""


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
        ranges: its ranges.
        size: bytes of the file.
        web: opens it from start to end if its server turns out to know no ranges; None: it knows them.
        alone: see `OpenRemote.stream`.
    """

    def __init__(self, ranges: Ranges, size: int, web: WebFile | None, *, alone: bool) -> None:
        self._ranges = ranges
        self._size = size
        self._web = web
        self._alone = alone
        self._place = 0
        self._whole: _Whole | None = None  # the file from start to end, if its server knows no ranges

    def some(self, size: int) -> bytes | memoryview:
        if self._place >= self._size:
            return b""
        data: bytes | memoryview | None = None
        if self._whole is None:
            data = self._from_range(size)
        if self._whole is not None:
            data = self._whole.read(self._place, size)
        assert data is not None
        self._place += len(data)
        return data

    def _from_range(self, size: int) -> memoryview | None:
        """Bytes from a range; None if it turns out that there are no ranges."""
        try:
            return self._ranges.read(self._place, size)
        except NoRangesError:
            assert self._web is not None
            self._whole = _Whole(self._web.whole, self._size)
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
            if self._alone:
                self._ranges.drop()
            if self._whole is not None:
                self._whole.close()
        super().close()


class _Whole:
    """A file that its server sends from start to end only. If the line breaks, it is sent anew up to where it was.

    Args:
        opened: opens the file at its start.
        size: bytes of the file.
    """

    def __init__(self, opened: Callable[[], Any], size: int) -> None:
        self._opened = opened
        self._size = size
        self._stream: Any = None
        self._place = 0  # of the stream

    def read(self, place: int, size: int) -> bytes:
        """At least one and up to `size` bytes from a place, which is where the last ones ended or behind it.

        Raises:
            Exception: whatever the last try raised.
        """
        return patiently(lambda: self._read(place, size))

    def _read(self, place: int, size: int) -> bytes:
        try:
            if self._stream is None:
                self._place, self._stream = 0, self._opened()
            while self._place < place:
                self._some(min(place - self._place, _SKIPPED))
            data = self._some(size)
            self._check_end()
        except Exception as error:
            if may_pass(error):
                self.close()
            raise
        return data

    def _some(self, size: int) -> bytes:
        data = bytes(self._stream.read(size))
        if not data:
            raise EOFError(f"the server ends it after {self._place} of {self._size} bytes")
        self._place += len(data)
        return data

    def _check_end(self) -> None:
        if self._place > self._size or (self._place == self._size and self._stream.read(1)):
            raise ChangedError

    def close(self) -> None:
        """Close the connection; the next reading opens another one."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
