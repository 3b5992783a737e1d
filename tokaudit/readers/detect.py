"""Which reader a file needs, for ``--reader auto``: by its name, else by how it begins."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile, is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.magic import compression_suffix
from tokaudit.readers.reader import Reader
from tokaudit.readers.streams import open_stream

FALLBACK: Final = "text"
"""The reader of what no other claims: it takes a file for one text, and refuses what is no text."""

_HEAD: Final = 1 << 16


def _readers() -> Iterator[tuple[str, Reader]]:
    return ((name, READERS.get(name)) for name in READERS.names())


@cache
def _by_suffix() -> dict[str, str]:
    return {suffix: name for name, reader in _readers() for suffix in reader.suffixes}


def reader_by_name(name: str) -> str | None:
    """Name of the reader that claims a file of this name, compressed or not; None if none does."""
    stem = _stem(name)
    return _by_suffix().get(stem[stem.rfind(".") :])


def reader_of_found(file: InputFile) -> str | None:
    """Name of the reader for a file that was found below a folder; None if none claims it.

    Its name decides; where that says too little, as ``.json`` does, the file must begin as the format does.
    """
    claimed = reader_by_name(file.name)
    if claimed is not None:
        return claimed
    name = file.name.lower()
    doubtful = [each for each, reader in _readers() if any(end in name for end in reader.doubtful_suffixes)]
    head = _head(file) if doubtful else None
    return next((each for each in doubtful if head is not None and _begins(READERS.get(each), head)), None)


def detect(file: InputFile) -> str:
    """Name of the reader for a file that the user named: its suffix, without that of a compression, if it is known.

    A file of a doubtful suffix is of its format if it may begin so, and what is wrong with it is then said. What has
    another name or none is what it surely begins like, and else one text; so a file that can't be opened is said to be
    so by its reader. Nothing is raised.
    """
    for name, reader in _readers():
        if reader.scheme and file.path.startswith(reader.scheme):
            return name
    claimed = reader_by_name(file.name)
    if claimed is not None:
        return claimed
    head = _head(file)
    if head is None:
        return FALLBACK
    stem = _stem(file.name)
    for name, reader in _readers():
        if (stem.endswith(reader.doubtful_suffixes) and reader.may_begin(head)) or _begins(reader, head):
            return name
    return FALLBACK


def is_gone(path: str) -> bool:
    """Whether a file, or what a reader found by itself, is no longer here; of what is elsewhere nobody asks."""
    for _, reader in _readers():
        if reader.scheme and path.startswith(reader.scheme):
            return reader.is_gone(path)
    return not is_remote(path) and not Path(path).is_file()


def _begins(reader: Reader, head: bytes) -> bool:
    return reader.begins(head, whole=len(head) < _HEAD)


def _head(file: InputFile) -> bytes | None:
    """The first bytes of a file, uncompressed; None if they can't be read."""
    try:
        with open_stream(file) as stream:
            return stream.read(_HEAD)
    except (FileFault, OSError):
        return None


def _stem(name: str) -> str:
    """The name in lower case, without the end that names a compression."""
    name = name.lower()
    return name.removesuffix(compression_suffix(name))
