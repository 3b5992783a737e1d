"""Which files an ingest counts, with which reader, and what it leaves out by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.ingesters.base import Ingester
from tokaudit.readers.detect import detect
from tokaudit.readers.files import InputFile, LeftOut, expand
from tokaudit.readers.formats import READERS

AUTO: Final = "auto"
"""Instead of a reader's name: each file's own."""
HELD_BYTES: Final = 64_000_000
"""Of small files that were read to choose their reader, so many bytes are kept."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A file to count and the name of its reader."""

    file: InputFile
    reader: str


def select(paths: Sequence[str], ingester: Ingester, reader: str) -> tuple[list[Selected], list[LeftOut]]:
    """The files to count, in the order that decides nothing but is always the same; and what is left out.

    Args:
        paths: as the user named them.
        ingester: decides on files found below folders when the reader is ``auto``.
        reader: ``auto``, or the name of the reader for all files. A reader may know by itself what lies at the paths,
            as of folders that `datasets` saved.

    Raises:
        UsageError: no such reader.
        InputError: nothing is there.
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
    """What a reader finds at all of the paths by itself; None if none does."""
    for name in READERS.names() if reader == AUTO else [reader]:
        plug = READERS.get(name)
        found = [plug.locate(path, named=reader != AUTO) for path in paths]
        if None not in found:
            return [Selected(file, name) for files in found for file in files or ()]
    return None
