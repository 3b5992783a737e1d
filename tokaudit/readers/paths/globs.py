"""Local globs with ``**``, without following links to folders: links in circles would never end."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_ANY: Final = "**"


@dataclass(frozen=True, slots=True)
class Matches:
    """What a pattern leads to on this machine, each sorted.

    Attributes:
        paths: what matches.
        links: links to folders that match after a ``**``, but not by their name: they may lead in a circle.
        unreadable: folders that can't be looked into.
    """

    paths: list[str]
    links: list[str]
    unreadable: list[str]

    def __bool__(self) -> bool:
        return bool(self.paths or self.links or self.unreadable)


def local_matches(pattern: str) -> Matches:
    """What a pattern leads to. ``*`` and ``**`` match no names that begin with a dot."""
    parts = pattern.split(os.sep)  # noqa: PTH206 - a Path would drop "." and empty parts
    if _ANY not in parts:
        return Matches(sorted(glob.glob(pattern)), [], [])  # noqa: PTH207 - paths are treated as typed
    first = parts.index(_ANY)
    top = os.sep.join(parts[:first]) or (os.sep if pattern.startswith(os.sep) else "")  # noqa: PTH118
    tops = sorted(glob.glob(top)) if glob.has_magic(top) else [top]  # noqa: PTH207
    below = _Below(parts[first:])
    folders = [each for each in tops if os.path.isdir(each or os.curdir)]  # noqa: PTH112
    found = {match for each in folders for match in below.matches(each)}
    return Matches(sorted(found), sorted(set(below.links)), sorted(below.unreadable))


class _Below:
    """Looks through folders for what matches the parts of a pattern.

    Attributes:
        links: links to folders that match.
        unreadable: folders that can't be looked into.
    """

    def __init__(self, parts: Sequence[str]) -> None:
        self._parts = parts
        self.links: list[str] = []
        self.unreadable: list[str] = []

    def matches(self, top: str) -> Iterator[str]:
        """The folder itself and everything below it that matches, however deep it is."""
        parts = self._parts
        begin = _closed({0}, parts)
        if top and len(parts) in begin:
            yield top
        waiting = [(top, begin)]
        while waiting:
            folder, matched = waiting.pop()
            try:
                with os.scandir(folder or os.curdir) as found:
                    entries = list(found)
            except OSError:
                self.unreadable.append(folder)
                continue
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_link = not is_folder and _leads_to_folder(entry)
                reached = _step(matched, entry.name, parts, is_folder=is_folder or is_link)
                path = os.path.join(folder, entry.name)  # noqa: PTH118
                if len(parts) in reached:
                    if is_link and glob.has_magic(parts[-1]):
                        self.links.append(path)
                    else:
                        yield path
                if reached and is_folder:
                    waiting.append((path, reached))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    """Whether a link leads to a folder; a link to itself leads nowhere."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _step(matched: Iterable[int], name: str, parts: Sequence[str], *, is_folder: bool) -> set[int]:
    """How many parts the names of a path can match, with one more name, from how many they matched without it."""
    by_any: set[int] = set()
    by_name: set[int] = set()
    for count in matched:
        if count == len(parts):
            continue
        if parts[count] == _ANY:
            by_any |= set() if name.startswith(".") else {count}
        elif fnmatchcase(name, parts[count]) and (parts[count].startswith(".") or not name.startswith(".")):
            by_name.add(count + 1)
    # What follows the name of a file can't match nothing: `a/**` is a folder and what is below it.
    return _closed(by_any, parts) | (_closed(by_name, parts) if is_folder else by_name)


def _closed(counts: set[int], parts: Sequence[str]) -> set[int]:
    """With all counts that are reached because ``**`` may match nothing."""
    for place, part in enumerate(parts):
        if part == _ANY and place in counts:
            counts.add(place + 1)
    return counts
