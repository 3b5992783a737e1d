"""Bytes that have no file of their own, in a temporary file that no name leads to: it ends with the process."""

import io
import os
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, Any, Final

import xxhash

from tokaudit.core.errors import InputError

_LARGE: Final = Path("/var/tmp")  # noqa: S108 - no name is made there that could be guessed
_BUFFER: Final = 1 << 18


def spool_folder() -> Path:
    """Where bytes are spooled: ``$TMPDIR`` if it is set, else ``/var/tmp``, else the system's temporary folder.

    Unlike ``/tmp``, ``/var/tmp`` is not in memory on any system.
    """
    named = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    if not named and os.access(_LARGE, os.W_OK | os.X_OK):
        return _LARGE
    return Path(tempfile.gettempdir())


class Spool:
    """Bytes that are written once and then read by any number of streams, in any thread.

    Only its owner could read the file (mode 0600), and it has no name where the system allows that. So nothing is left
    behind by a crash or by ``kill -9``.

    Args:
        what: what the bytes are, for messages.

    Attributes:
        size: number of bytes written so far.

    Raises:
        InputError: the file can't be created.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._folder = spool_folder()
        self._digest = xxhash.xxh3_128()
        self._lock = threading.Lock()
        self.size = 0
        try:
            self._file: Any = tempfile.TemporaryFile("w+b", buffering=0, dir=self._folder)  # noqa: SIM115 - see below
        except OSError as error:
            raise self._full(error) from error
        self._end = weakref.finalize(self, self._file.close)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes to the end.

        Raises:
            InputError: there is no room for them.
        """
        left = memoryview(data)
        self._digest.update(left)
        self.size += left.nbytes
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise self._full(error) from error

    @property
    def content(self) -> str:
        """xxh3-128 of the bytes."""
        return self._digest.hexdigest()

    def open(self) -> IO[bytes]:
        """A seekable stream of the bytes from the start.

        Raises:
            OSError: the spool is closed.
        """
        if self._file.closed:
            raise OSError("the bytes are gone: they had no file, and the run that read them is over")
        return io.BufferedReader(_SpoolStream(self), _BUFFER)

    def close(self) -> None:
        """Remove the bytes; without it, they go with the last reference."""
        self._end()

    def read_at(self, place: int, target: Any) -> int:
        """Fill `target` with the bytes from `place`, and return how many there were."""
        with self._lock:
            self._file.seek(place)
            return int(self._file.readinto(target) or 0)

    def _full(self, error: OSError) -> InputError:
        why = error.strerror or error
        return InputError(
            f"{self._what}: can't be kept in {self._folder}: {why}; set TMPDIR to a folder with room for all of it"
        )


class _SpoolStream(io.RawIOBase):
    """One stream of a spool, with a position of its own."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, target: Any, /) -> int:
        read = self._spool.read_at(self._place, target)
        self._place += read
        return read

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._spool.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def tell(self) -> int:
        return self._place
