"""Detecting the reader of a file for ``--reader auto``: by its name, or else by its first bytes."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile, has_no_file, is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import Chosen
from tokaudit.readers.paths.partners import has_partners
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.magic import NO_TEXT, binary_format, compression_suffix, other_unicode
from tokaudit.readers.unpack.streams import open_stream

FALLBACK: Final = "text"
"""The reader of files that no other reader claims: it reads a file as one text and refuses what is not text."""

_HEAD: Final = 1 << 16


def _readers() -> Iterator[tuple[str, Reader]]:
    return ((name, READERS.get(name)) for name in READERS.names())


@cache
def _by_suffix() -> dict[str, str]:
    return {suffix: name for name, reader in _readers() for suffix in reader.suffixes}


def reader_by_name(name: str) -> str | None:
    """The name of the reader that claims a file of this name, compressed or not; None if none does."""
    stem = _stem(name)
    return _by_suffix().get(stem[stem.rfind(".") :])


def look_into(file: InputFile) -> Chosen:
    """The reader for a file that was found below a folder, or the rule that leaves it out.

    The name of the file decides. If no reader claims its suffix, the first bytes must be of a format for sure.
    ``binary``: pictures, sound, programs and the like, by name, or bytes that are not text; ``unclaimed``: text or
    data that no reader takes; ``unreadable``: the file can't be opened. An empty file has no documents in any format.
    """
    claimed = reader_by_name(file.name) or _by_partners(file)
    if claimed is not None:
        return Chosen(claimed)
    if file.name.lower().rpartition(".")[2] in NO_TEXT:
        return Chosen(left_out="binary")
    head = _head(file)
    if head is None:
        return Chosen(left_out="unreadable")
    if not head:
        return Chosen(FALLBACK)
    sure = next((name for name, reader in _readers() if _begins(reader, head)), None)
    if sure is not None:
        return Chosen(sure)
    unknown = b"\0" in head and binary_format(head) is None and other_unicode(head) is None
    return Chosen(left_out="binary" if unknown else "unclaimed")


def detect(file: InputFile) -> str:
    """The name of the reader for a file that the user named. Raises nothing.

    A known suffix decides; the suffix of a compression is ignored. A file with an ambiguous suffix is of that format
    if its first bytes may be, so that its reader says what is wrong with it. Any other file is of the format that its
    first bytes show for sure, or else one text. A file that can't be opened is a text: that reader reports the error.
    """
    for name, reader in _readers():
        if reader.scheme and file.path.startswith(reader.scheme):
            return name
    claimed = reader_by_name(file.name) or _by_partners(file)
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


def _by_partners(file: InputFile) -> str | None:
    """The name of the reader for which the file has all partners, such as an index; the bytes of ids may be any."""
    return next((name for name, reader in _readers() if has_partners(reader, file)), None)


def is_gone(path: str) -> bool:
    """Whether a file, or data that a reader located, is no longer on this machine; False for remote paths.

    True for data that came from a pipe or from a program.
    """
    if has_no_file(path):
        return True
    for _, reader in _readers():
        if reader.scheme and path.startswith(reader.scheme):
            return reader.is_gone(path)
    return not is_remote(path) and not Path(path).is_file()


def _begins(reader: Reader, head: bytes) -> bool:
    return reader.begins(head, whole=len(head) < _HEAD)


def _head(file: InputFile) -> bytes | None:
    """The first uncompressed bytes of a file; None if they can't be read."""
    try:
        with open_stream(file) as stream:
            return stream.read(_HEAD)
    except (FileFault, OSError):
        return None


def _stem(name: str) -> str:
    """The name in lower case, without the suffix of a compression."""
    name = name.lower()
    return name.removesuffix(compression_suffix(name))
