"""Which files an ingest counts, with which reader, and which it leaves out by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.ingesters.base import Ingester
from tokaudit.readers.detect import detect
from tokaudit.readers.files import InputFile, LeftOut, expand
from tokaudit.readers.formats import READERS

AUTO: Final = "auto"
"""Given instead of a reader's name: each file has the reader of its format."""
HELD_BYTES: Final = 64_000_000
"""Bytes that are kept of small files that were read to choose their reader."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A file to count and the name of its reader."""

    file: InputFile
    reader: str


def select(paths: Sequence[str], ingester: Ingester, reader: str) -> tuple[list[Selected], list[LeftOut]]:
    """The files to count and those left out. Their order is always the same, and decides no number.

    Args:
        paths: the paths as the user named them.
        ingester: decides on files in folders if the reader is ``auto``.
        reader: ``auto``, or the name of the reader for all files. Some readers find files by themselves, such as
            those in folders that `datasets` saved.

    Raises:
        UsageError: there is no such reader.
        InputError: nothing is at a path.
    """
    located = _located(paths, reader)
    if located is not None:
        return located, []
    files, left = expand(paths)
    if reader != AUTO:
        return [Selected(file, reader) for file in files], left
    selected = []
    held = 0
    for file in files:
        if file.named:
            selected.append(Selected(file, detect(file)))
            continue
        chosen = ingester.choose(file)
        if chosen.reader is None:
            left.append(LeftOut(file.path, chosen.left_out or "unknown_format"))
            continue
        looked_into = chosen.file if chosen.file and held < HELD_BYTES else file
        held += looked_into.size if looked_into.data is not None else 0
        selected.append(Selected(looked_into, chosen.reader))
    return selected, left


def _located(paths: Sequence[str], reader: str) -> list[Selected] | None:
    """The files that one reader finds by itself at all of the paths; None if none does."""
    for name in READERS.names() if reader == AUTO else [reader]:
        plug = READERS.get(name)
        found = [plug.locate(path, named=reader != AUTO) for path in paths]
        if None not in found:
            return [Selected(file, name) for files in found for file in files or ()]
    return None
