"""Finding the files that a user names: local files, globs, folders, fsspec URLs."""

import glob
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import Final

from tokaudit.core.errors import InputError
from tokaudit.readers.files import InputFile, LeftOut, is_remote
from tokaudit.readers.paths.globs import local_matches
from tokaudit.readers.paths.remote import find_remote
from tokaudit.readers.paths.rules import VCS_FOLDERS, Patterns

_ASKED_AT_ONCE: Final = 16


def expand(names: Iterable[str], patterns: Patterns | None = None) -> tuple[list[InputFile], list[LeftOut]]:
    """Find all files at the paths, folders, globs and URLs named, each once, ordered by (below, path).

    A file that is found in several ways has the least ``below`` of these, and is named if one of them names it.
    Below a folder, links (rule ``link``), version-control folders (``vcs``), files that are not regular (``special``),
    names that are not UTF-8 (``name``) and what can't be read (``unreadable``) are left out; and everywhere what the
    patterns leave out (``excluded``). A path that is named is followed wherever it leads.

    Returns:
        The files, and the paths that were left out.

    Raises:
        InputError: nothing is at a path, or it can't be listed.
    """
    patterns = patterns or Patterns()
    files: dict[str, InputFile] = {}
    left: dict[str, LeftOut] = {}
    for inputs in _all_inputs(list(names)):
        for found in inputs:
            if isinstance(found, LeftOut):
                left[found.path] = found
            elif found.path not in files:
                files[found.path] = found
            else:
                other = files[found.path]
                least = min(other, found, key=attrgetter("below"))
                files[found.path] = replace(least, named=other.named or found.named)
    for file in [file for file in files.values() if patterns.leave_out(file.below)]:
        del files[file.path]
        left[file.path] = LeftOut(file.path, "excluded", file.size)
    # Strings have the same order as their UTF-8 bytes.
    ordered = sorted(files.values(), key=attrgetter("below", "path"))
    return ordered, [left[path] for path in sorted(left.keys() - files)]


def _all_inputs(names: list[str]) -> Iterator[Iterable[InputFile | LeftOut]]:
    """What each name stands for. Servers are asked about many URLs at once."""
    if sum(map(is_remote, names)) < 2:
        yield from map(_inputs_named, names)
        return
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as threads:
        yield from threads.map(lambda name: list(_inputs_named(name)), names)


def _inputs_named(name: str) -> Iterator[InputFile | LeftOut]:
    if not is_remote(name):
        return _local(name)
    from fsspec.core import url_to_fs  # noqa: PLC0415 - slow to import, and local files don't need it

    if name.startswith("file://"):  # a file has one path, however it is named
        path = str(url_to_fs(name)[1]) if name.removeprefix("file://").strip("/") or name == "file:///" else ""
        if not path:
            raise InputError(f"{name}: names no path; write file:///folder/file")
        return _local(path)
    return _remote(name)


def _is_text(path: str) -> bool:
    """Whether the catalog can store a path: on Linux a name may be any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _left_out(path: str, rule: str, size: int | None = None) -> LeftOut:
    return LeftOut(path.encode(errors="backslashreplace").decode(), rule, size)


def _local(name: str) -> Iterator[InputFile | LeftOut]:
    try:
        if os.path.isdir(name):  # noqa: PTH112 - this function treats names as typed
            yield from _folder(os.path.abspath(name))  # noqa: PTH100 - resolve() would follow links
        elif os.path.isfile(name):  # noqa: PTH113
            yield _named(name)
        elif glob.has_magic(name) and (found := local_matches(name)):
            for match in found.paths:
                yield from _local(match)
            for link in found.links:
                yield _left_out(os.path.abspath(link), "link")  # noqa: PTH100
            for folder in found.unreadable:
                yield _left_out(os.path.abspath(folder), "unreadable")  # noqa: PTH100
        elif os.path.exists(name):  # noqa: PTH110
            raise InputError(f"{name}: is not a regular file")  # a pipe or device may never end
        else:
            raise InputError(f"{name}: no such file or folder")
    except OSError as error:
        raise InputError(f"{error.filename or name}: {error.strerror or error}") from error


def _named(name: str) -> InputFile:
    path = os.path.abspath(name)  # noqa: PTH100
    if not _is_text(path):
        raise InputError(f"{path!r}: the name is not valid UTF-8; rename the file")
    status = os.stat(path)  # noqa: PTH116
    if status.st_dev in _virtual_devices():
        raise InputError(f"{name}: is not stored on a disk: the system makes it while it is read; copy it to a file")
    return _local_file(path, os.path.basename(name), status, named=True)  # noqa: PTH119


@cache
def _virtual_devices() -> frozenset[int]:
    """Devices whose regular files are made while they are read, some of them without end."""
    found = set()
    for top in ("/proc", "/sys"):
        if os.path.ismount(top):
            found.add(os.stat(top).st_dev)  # noqa: PTH116
    return frozenset(found)


def _local_file(path: str, below: str, status: os.stat_result, *, named: bool) -> InputFile:
    return InputFile(path, below.replace(os.sep, "/"), status.st_size, str(status.st_mtime_ns), named)


def _folder(top: str) -> Iterator[InputFile | LeftOut]:
    """Yield the files in a folder and the folders below it, however deep they are.

    Raises:
        OSError: the folder itself can't be listed.
    """
    virtual = _virtual_devices()
    waiting = [(top, "")]  # folders, and their paths below the top
    while waiting:
        folder, below = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError:
            if folder == top:
                raise
            yield _left_out(folder, "unreadable")
            continue
        for entry in found:
            if entry.name in VCS_FOLDERS:  # in a worktree, `.git` is a file
                yield _left_out(entry.path, "vcs")
            elif entry.is_symlink():
                yield _left_out(entry.path, "link")
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, below + entry.name + os.sep))
            else:
                yield _entry(entry, below + entry.name, virtual)


def _entry(entry: "os.DirEntry[str]", below: str, virtual: frozenset[int]) -> InputFile | LeftOut:
    """A file of a folder that is being listed; it may be gone meanwhile."""
    if not entry.is_file(follow_symlinks=False):
        return _left_out(entry.path, "special")
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return _left_out(entry.path, "unreadable")
    if status.st_dev in virtual:
        return _left_out(entry.path, "special")
    if not _is_text(entry.path):
        return _left_out(entry.path, "name", status.st_size)
    return _local_file(entry.path, below, status, named=False)


def _remote(name: str) -> Iterator[InputFile | LeftOut]:
    for found in find_remote(name):
        if VCS_FOLDERS.intersection(found.below.split("/")):
            yield LeftOut(found.url, "vcs", found.size)
        else:
            yield InputFile(found.url, found.below, found.size, found.modified, found.named)
