"""Which files an ingest counts, with which reader, and what it leaves out by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.ingesters.base import Ingester
from tokaudit.readers.detect import detect
from tokaudit.readers.files import InputFile, LeftOut, expand
from tokaudit.readers.formats import READERS, hub

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
        reader: ``auto``, or the name of the reader for all files. ``auto`` knows folders that `datasets` saved.

    Raises:
        UsageError: no such reader.
        InputError: nothing is there.
    """
    if reader == "hub" or (reader == "auto" and all(hub.is_saved(Path(path)) for path in paths)):
        return [Selected(file, "hub") for path in paths for file in hub.locate(path)], []
    if reader != "auto":
        READERS.get(reader)
    files, left = expand(paths)
    selected = []
    held = 0
    for file in files:
        if reader != "auto":
            selected.append(Selected(file, reader))
            continue
        if file.named:
            selected.append(Selected(file, detect(file)))
            continue
        chosen = ingester.choose(file)
        if chosen.reader is None:
            left.append(LeftOut(file.path, chosen.left_out or "unknown_format"))
        else:
            looked_into = chosen.file if held < HELD_BYTES else None
            held += looked_into.size if looked_into and looked_into.data is not None else 0
            selected.append(Selected(looked_into or file, chosen.reader))
    return selected, left
