"""Files that are counted or left out, whether on this machine or behind a URL."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Final

from tokaudit.readers.paths.remote import name_in
from tokaudit.readers.paths.remote_stream import FailedRemote, OpenRemote

if TYPE_CHECKING:
    from tokaudit.readers.paths.spool import Spool

_BUFFER: Final = 1 << 13
_BLOCK: Final = 1 << 20
HELD_BYTES: Final = 1 << 18
"""Files up to this size are read at once."""
FETCHED_BYTES: Final = 1 << 24
"""Files at URLs up to this size are fetched at once; of larger ones, as many bytes are before they are read."""
NO_FILE: Final = ("stdin:", "frame:")
"""What the paths of data begin with that came from a pipe or from a program; the rest is the name of the source."""


def has_no_file(path: str) -> bool:
    """Whether a path stands for data that never were in a file. All other paths begin with a folder or are URLs."""
    return path.startswith(NO_FILE)


def is_remote(path: str) -> bool:
    """Whether a path is a URL rather than a path on this machine."""
    return "://" in path and not has_no_file(path)


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to count.

    Attributes:
        path: absolute path or URL, as recorded in the catalog.
        below: path below the folder that was named, with forward slashes; the bare name for a single file.
            It orders copies of a text, so it must not depend on where the folder is.
        size: stored bytes.
        modified: what the file system says about the last change, as text; empty if it says nothing.
        named: whether the user named this file itself rather than a folder above it.
        data: the stored bytes of a small file that has already been read.
        opener: opens the stored bytes of a file that is not at its path, such as a member of an archive.
        remote: the file at a URL, opened, so that all that read it share what was fetched.
        spool: the bytes, if there is no file at the path: they came from a pipe or from a program.
    """

    path: str
    below: str
    size: int
    modified: str
    named: bool = False
    data: bytes | None = field(default=None, repr=False, compare=False)
    opener: Callable[[], IO[bytes]] | None = field(default=None, repr=False, compare=False)
    spool: "Spool | None" = field(default=None, repr=False, compare=False)
    remote: OpenRemote | FailedRemote | None = field(default=None, repr=False, compare=False)

    def held(self) -> "InputFile":
        """The file with its bytes if it is small and local, so that the same bytes are read and hashed."""
        if self.local_path is None or self.size > HELD_BYTES:
            return self
        try:
            opened = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))  # a file object would double the cost
            try:
                data = os.read(opened, self.size + 1)
            finally:
                os.close(opened)
        except OSError:
            return self  # the reader reports why it can't be read
        return self._with(data)

    def fetched(self, *, from_start: bool) -> "InputFile":
        """The file at a URL with its bytes if it is small; else opened, with its first bytes on their way.

        Args:
            from_start: whether the file is read from its start to its end.
        """
        try:
            remote = OpenRemote(self.path, self.size, self.modified)
            if self.size <= FETCHED_BYTES:
                with remote.stream() as stream:
                    return self._with(stream.read(self.size + 1))
        except OSError as error:
            return replace(self, remote=FailedRemote(error))  # as above
        if from_start:
            remote.start(FETCHED_BYTES)
        return replace(self, remote=remote)

    def forget(self) -> None:
        """Drop what was fetched of a file at a URL and is not read any more."""
        if self.remote is not None:
            self.remote.drop()

    def _with(self, data: bytes) -> "InputFile":
        """The file with its bytes, unless it has changed or was read only in part."""
        if len(data) != self.size:
            return self
        return InputFile(self.path, self.below, self.size, self.modified, self.named, data)

    def blocks(self) -> Iterator[bytes]:
        """Yield the stored bytes, at most a megabyte at a time.

        Raises:
            OSError: the file can't be read.
        """
        with self.open() as stream:
            while block := stream.read(_BLOCK):
                yield block

    def changed(self) -> bool:
        """Whether the size or time of the local file has changed since it was found; False for any other file.

        Raises:
            OSError: the file is gone.
        """
        if self.local_path is None:
            return False
        status = os.stat(self.path)  # noqa: PTH116 - a Path costs more than the call
        return (status.st_size, str(status.st_mtime_ns)) != (self.size, self.modified)

    @property
    def name(self) -> str:
        """The last part of the path; ``below`` if there is no file at the path."""
        if self.spool is not None:
            return self.below
        if self.opener is not None:  # a member may have any characters in its name, such as those of a chain of URLs
            return self.path.rpartition("/")[2]
        return name_in(self.path) if is_remote(self.path) else self.path.rstrip("/").rpartition("/")[2]

    @property
    def is_rows(self) -> bool:
        """Whether the bytes are rows that a program handed over, which have no lines that anyone could look up."""
        return self.path.startswith(NO_FILE[1])

    @property
    def local_path(self) -> str | None:
        """The path if the bytes are to be read from there on this machine; None if they are elsewhere or in memory."""
        elsewhere = self.data is not None or self.opener is not None or self.spool is not None
        return None if elsewhere or is_remote(self.path) else self.path

    def open(self) -> IO[bytes]:
        """A stream of the stored bytes from the start; seekable for local files and most remote ones."""
        if self.data is not None:
            return io.BytesIO(self.data)
        if self.opener is not None:
            return self.opener()
        if self.spool is not None:
            return self.spool.open()
        if not is_remote(self.path):
            return open(self.path, "rb", buffering=_BUFFER)  # noqa: PTH123 - a Path costs more than the opening
        if self.remote is not None:
            return self.remote.stream(alone=False)
        return OpenRemote(self.path, self.size, self.modified).stream()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A path that is not counted.

    Attributes:
        path: absolute path or URL.
        rule: name of the rule that leaves it out.
        size: stored bytes; None if unknown, as for a folder that is not looked into.
    """

    path: str
    rule: str
    size: int | None = None

    def is_there(self) -> bool:
        """Whether the path still exists; True for URLs and for names that are not UTF-8, which can't be checked."""
        return is_remote(self.path) or self.rule == "name" or os.path.lexists(self.path)
