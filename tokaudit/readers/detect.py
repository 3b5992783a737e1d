"""Which reader a file needs, for ``--reader auto``: by its name, else by how it begins."""

from functools import cache
from typing import Final

import orjson

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.magic import PARQUET, UTF8_BOM, compression_suffix
from tokaudit.readers.streams import open_stream

_HEAD: Final = 1 << 16


@cache
def _by_suffix() -> dict[str, str]:
    return {suffix: name for name in READERS.names() for suffix in READERS.get(name).suffixes}


def _by_content(head: bytes) -> str:
    if head.startswith(PARQUET) and b"\0" in head:
        return "parquet"
    start = head.removeprefix(UTF8_BOM).lstrip()
    if not start.startswith(b"{"):
        return "text"
    line, end, _ = start.partition(b"\n")
    if not end and len(head) == _HEAD:  # a line so long that its end is not seen
        return "jsonl" if start.startswith((b'{"', b"{ ")) else "text"
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return "text"
    return "jsonl"


def reader_by_name(name: str) -> str | None:
    """Name of the reader that claims a file of this name, compressed or not; None if none does."""
    stem = _stem(name)
    return _by_suffix().get(stem[stem.rfind(".") :])


def _stem(name: str) -> str:
    """The name in lower case, without the end that names a compression."""
    name = name.lower()
    return name.removesuffix(compression_suffix(name))


def begins_like_jsonl(file: InputFile) -> bool:
    """Whether the first line of the file is a whole JSON object."""
    try:
        with open_stream(file) as stream:
            return _by_content(stream.read(_HEAD)) == "jsonl"
    except (FileFault, OSError):
        return False


def detect(file: InputFile) -> str:
    """Name of the reader for ``file``: its suffix, without that of a compression, decides where it is known.

    ``.json`` that begins like JSON is ``jsonl``. What has another name or none is ``parquet`` or ``jsonl`` if it begins
    so, and else ``text``, which refuses what is no text; so a file that can't be opened is said to be so by its reader.
    Nothing is raised.
    """
    if file.path.startswith("hub://"):
        return "hub"
    claimed = reader_by_name(file.name)
    if claimed is not None:
        return claimed
    try:
        with open_stream(file) as stream:
            head = stream.read(_HEAD)
            if _stem(file.name).endswith(".json") and head.removeprefix(UTF8_BOM).lstrip()[:1] in {b"{", b"["}:
                return "jsonl"  # what is no JSON lines is then refused, and not counted as one text
            return _by_content(head)
    except (FileFault, OSError):
        return "text"
