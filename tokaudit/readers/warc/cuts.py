"""Places in a crawl at which a record seems to begin, so that it may be read in parts."""

import re
from collections.abc import Iterator
from typing import IO, Final

from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.gzip_members import next_member
from tokaudit.readers.unpack.magic import compression_of
from tokaudit.readers.warc.starts import WARC_START

_HEAD: Final = 16
_STEP: Final = 1 << 20
_SEARCHED: Final = 1 << 23
"""Bytes that are searched for a record; behind them, the next part's begin is looked for."""
_BETWEEN: Final = re.compile(rb"(?<=\r\n\r\n)" + WARC_START.pattern)
_LONGEST: Final = 256
"""More bytes than a match of `_BETWEEN` has."""


def seeming_starts(file: InputFile, size: int) -> Iterator[int]:
    """Yield places of the stored file, each at least `size` bytes behind the one before, and 0 first.

    At each, a gzip member begins with a record, or the start of a record stands behind a blank line. A page may contain
    that, too: so only who reads the part before knows whether a record begins there. Nothing is yielded if the file is
    compressed otherwise.

    Raises:
        OSError: the file can't be read, or not from any place.
    """
    with file.open() as raw:
        compression = compression_of(raw.read(_HEAD))
        if compression not in {"", ".gz"}:
            return
        yield 0
        place = size
        while place < file.size:
            found = next_member(raw, place, _begins, _SEARCHED) if compression else _next_start(raw, place)
            if found is not None:
                yield found
                place = found
            place += size


def _begins(head: bytes) -> bool:
    """Whether a member begins with a record of WARC."""
    return WARC_START.match(head) is not None


def _next_start(raw: IO[bytes], place: int) -> int | None:
    """The next place behind a blank line at which a record seems to begin."""
    raw.seek(place)
    data = b""
    for _ in range(0, _SEARCHED, _STEP):
        piece = raw.read(_STEP)
        data += piece
        found = _BETWEEN.search(data)
        if found is not None:
            return place + found.start()
        if not piece:
            return None
        place += max(0, len(data) - _LONGEST)
        data = data[-_LONGEST:]
    return None
