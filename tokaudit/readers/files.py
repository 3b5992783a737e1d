"""Finding the files that a user names: local files, globs, folders, fsspec URLs."""

import glob
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import IO, Final

from tokaudit.core.errors import InputError
from tokaudit.readers.remote import find_remote, name_in
from tokaudit.readers.remote_stream import open_remote
from tokaudit.readers.spool import Spool

_BUFFER: Final = 1 << 13
_BLOCK: Final = 1 << 20
HELD_BYTES: Final = 1 << 18
"""Files up to this size are read at once."""
VCS_FOLDERS: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs"})
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
        spool: the bytes, if there is no file at the path: they came from a pipe or from a program.
    """

    path: str
    below: str
    size: int
    modified: str
    named: bool = False
    data: bytes | None = field(default=None, repr=False, compare=False)
    spool: Spool | None = field(default=None, repr=False, compare=False)

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

    def fetched(self) -> "InputFile":
        """The file with its bytes, for a small one at a URL."""
        try:
            with self.open() as stream:
                return self._with(stream.read(self.size + 1))
        except OSError:
            return self  # as above

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
        return name_in(self.path) if is_remote(self.path) else self.path.rstrip("/").rpartition("/")[2]

    @property
    def local_path(self) -> str | None:
        """The path if the bytes are to be read from there on this machine; None if they are elsewhere or in memory."""
        return None if self.data is not None or self.spool is not None or is_remote(self.path) else self.path

    def open(self) -> IO[bytes]:
        """A stream of the stored bytes from the start; seekable for local files and most remote ones."""
        if self.data is not None:
            return io.BytesIO(self.data)
        if self.spool is not None:
            return self.spool.open()
        if not is_remote(self.path):
            return open(self.path, "rb", buffering=_BUFFER)  # noqa: PTH123 - a Path costs more than the opening
        return open_remote(self.path)


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


def expand(names: Iterable[str]) -> tuple[list[InputFile], list[LeftOut]]:
    """Find all files at the paths, folders, globs and URLs named, each once, ordered by (below, path).

    A file that is found in several ways has the least ``below`` of these, and is named if one of them names it.
    Below a folder, links (rule ``link``), version-control folders (``vcs``), files that are not regular (``special``)
    and names that are not UTF-8 (``name``) are left out. A path that is named is followed wherever it leads.

    Returns:
        The files, and the paths that were left out.

    Raises:
        InputError: nothing is at a path, or it can't be listed.
    """
    files: dict[str, InputFile] = {}
    left: dict[str, LeftOut] = {}
    for name in names:
        for found in _inputs_named(name):
            if isinstance(found, LeftOut):
                left[found.path] = found
            elif found.path not in files:
                files[found.path] = found
            else:
                other = files[found.path]
                least = min(other, found, key=attrgetter("below"))
                files[found.path] = replace(least, named=other.named or found.named)
    # Strings have the same order as their UTF-8 bytes.
    ordered = sorted(files.values(), key=attrgetter("below", "path"))
    return ordered, [left[path] for path in sorted(left.keys() - files)]


def _inputs_named(name: str) -> Iterator[InputFile | LeftOut]:
    if not is_remote(name):
        return _local(name)
    from fsspec.core import url_to_fs  # noqa: PLC0415 - as above

    if name.startswith("file://"):  # a file has one path, however it is named
        return _local(str(url_to_fs(name)[1]))
    return _remote(name)


def _is_text(path: str) -> bool:
    """Whether the catalog can store a path: on Linux a name may be any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _left_out(path: str, rule: str) -> LeftOut:
    return LeftOut(path.encode(errors="backslashreplace").decode(), rule)


def _local(name: str) -> Iterator[InputFile | LeftOut]:
    try:
        if os.path.isdir(name):  # noqa: PTH112 - this function treats names as typed
            yield from _folder(os.path.abspath(name))  # noqa: PTH100 - resolve() would follow links
        elif os.path.isfile(name):  # noqa: PTH113
            path = os.path.abspath(name)  # noqa: PTH100
            if not _is_text(path):
                raise InputError(f"{path!r}: the name is not valid UTF-8; rename the file")
            yield _local_file(path, os.path.basename(name), os.stat(path), named=True)  # noqa: PTH116, PTH119
        elif glob.has_magic(name) and (matches := glob.glob(name, recursive=True)):  # noqa: PTH207
            for match in sorted(matches):
                yield from _local(match)
        elif os.path.exists(name):  # noqa: PTH110
            raise InputError(f"{name}: is not a regular file")  # a pipe or device may never end
        else:
            raise InputError(f"{name}: no such file or folder")
    except OSError as error:
        raise InputError(f"{error.filename or name}: {error.strerror or error}") from error


def _local_file(path: str, below: str, status: os.stat_result, *, named: bool) -> InputFile:
    return InputFile(path, below.replace(os.sep, "/"), status.st_size, str(status.st_mtime_ns), named)


def _folder(top: str, below: str = "") -> Iterator[InputFile | LeftOut]:
    """Yield the files in a folder and the folders below it; `below` is the folder's path below the one named."""
    with os.scandir(top) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name in VCS_FOLDERS:  # in a worktree, `.git` is a file
            yield _left_out(entry.path, "vcs")
        elif entry.is_symlink():
            yield _left_out(entry.path, "link")
        elif entry.is_dir():
            yield from _folder(entry.path, below + entry.name + os.sep)
        elif not entry.is_file():
            yield _left_out(entry.path, "special")
        elif not _is_text(entry.path):
            yield _left_out(entry.path, "name")
        else:
            yield _local_file(entry.path, below + entry.name, entry.stat(), named=False)


def _remote(name: str) -> Iterator[InputFile | LeftOut]:
    for found in find_remote(name):
        if VCS_FOLDERS.intersection(found.below.split("/")):
            yield LeftOut(found.url, "vcs")
        else:
            yield InputFile(found.url, found.below, found.size, found.modified, found.named)
