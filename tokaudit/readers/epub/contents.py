"""The members of an EPUB: found by the names that its files use, and read whole."""

import unicodedata
from typing import IO, Final
from urllib.parse import unquote

from tokaudit.readers.archives.members import Member, shown
from tokaudit.readers.archives.zip_directory import ZipDirectory
from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.limits import Limits, Meter

_MOST: Final = 100_000
"""Most members of a book: a large one has some thousands."""


class Contents:
    """The members by name.

    Args:
        raw: the file, which can seek.
        limits: limits on its members, and on all of them together.
        meter: counts what they unpack to.

    Raises:
        FileFault: it is not a zip archive, cut or damaged, or has too many members.
    """

    def __init__(self, raw: IO[bytes], limits: Limits, meter: Meter) -> None:
        self._most = limits.page
        self._members: dict[str, Member] = {}
        self._double: set[str] = set()
        self._folded: dict[str, str] | None = None
        for number, member in enumerate(ZipDirectory(raw, limits, meter).members(), 1):
            if number > min(_MOST, limits.members):
                raise FileFault(
                    "too_large", f"contains more than {min(_MOST, limits.members):,} members, unlike a book"
                )
            if member.name in self._members:
                self._double.add(member.name)
            self._members[member.name] = member

    def find(self, name: str) -> str | None:
        """The name of a member as the archive has it; None if there is none.

        Names may differ in case, in the form of accents, and in backslashes for slashes, as programs for Windows write
        them, if only one member is meant.
        """
        if name in self._members:
            return name
        if self._folded is None:
            self._folded = {}
            for each in self._members:
                key = _folded(each)
                self._folded[key] = "" if key in self._folded else each
        return self._folded.get(_folded(name)) or None

    def resolve(self, folder: str, href: str) -> str | None:
        """The member that a reference in a file of a folder means; None if there is none.

        Raises:
            FileFault: the reference leads out of the archive.
        """
        path = href.partition("#")[0].partition("?")[0]
        plain = unquote(path)
        for wanted in dict.fromkeys((plain, path, _slashed(plain))):
            name = self.find(_joined(folder, wanted))
            if name is not None:
                return name
        return None

    def read(self, name: str) -> bytes:
        """The content of a member.

        Raises:
            FileFault: it can't be read, or there are two of the name.
        """
        if name in self._double:
            raise FileFault("corrupt", f"contains two members of the name {shown(name)}")
        try:
            return _content(self._members[name], self._most)
        except FileFault as fault:
            raise FileFault(fault.code, f"{shown(name)}: {fault.why}") from fault


def folder_of(name: str) -> str:
    """The folder of a member, with the slash at its end; empty if it is in none."""
    path = _slashed(name)
    return path[: path.rfind("/") + 1]


def _content(member: Member, most: int) -> bytes:
    if member.fault is not None:
        raise member.fault
    if member.rule is not None:
        raise FileFault("wrong_format", "is a link, which no part of a book may be")
    return member.content(most, "page")


def _joined(folder: str, path: str) -> str:
    """The name of a member below a folder, which is empty or ends in a slash."""
    parts: list[str] = []
    for part in (folder + path if not path.startswith("/") else path[1:]).split("/"):
        if part == "..":
            if not parts:
                raise FileFault("unsafe_name", f"refers to {shown(path)}, which leads out of the book")
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _slashed(name: str) -> str:
    return name.replace("\\", "/")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", _slashed(name)).casefold()
