"""Names that are left out below a folder: version control, hidden files, and what the user excludes."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

VCS_FOLDERS: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs"})
_COPIES: Final = frozenset({".ipynb_checkpoints", "__MACOSX"})
"""Folders with copies that a program made: they are left out of source trees, too."""


def name_rule(below: str, *, code: bool) -> str | None:
    """The rule that leaves out a path below a folder, by its names alone; None if none does.

    ``vcs``: it is in a folder of version control. ``hidden``: a name begins with ``.`` or ``_``; in source trees,
    where such names are usual, only copies that Jupyter and macOS make.
    """
    parts = below.split("/")
    if not VCS_FOLDERS.isdisjoint(parts):
        return "vcs"
    if code:
        return "hidden" if parts[-1].startswith("._") or not _COPIES.isdisjoint(parts) else None
    return "hidden" if below.startswith((".", "_")) or "/." in below or "/_" in below else None


def matches(below: str, glob: str) -> bool:
    """Whether a path below a folder, or its last part, matches a glob; ``*`` matches slashes, too.

    A glob that ends with a slash matches everything in the folder.
    """
    if glob.endswith("/"):
        glob += "*"
    return fnmatchcase(below, glob) or fnmatchcase(below.rpartition("/")[2], glob)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Globs of ``--include`` and ``--exclude``.

    Attributes:
        include: a file must match one of these; empty: every file may.
        exclude: a file must match none of these.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def leave_out(self, below: str) -> bool:
        """Whether a file with this path below its folder is left out."""
        wanted = not self.include or any(matches(below, glob) for glob in self.include)
        return not wanted or any(matches(below, glob) for glob in self.exclude)

    def ask_for_hidden(self, below: str) -> bool:
        """Whether a hidden file is asked for: as in a shell, only by a glob that begins like the hidden name."""
        return any(glob.rpartition("/")[2].startswith((".", "_")) and matches(below, glob) for glob in self.include)
