"""Pieces of a file: small files whole, of large ones as many places as a budget of bytes allows."""

import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.paths import InputFile
from tokaudit.readers import READERS
from tokaudit.readers._faults import FileFault
from tokaudit.readers._magic import compression_suffix
from tokaudit.readers._reader import Picker
from tokaudit.readers._streams import open_stream
from tokaudit.records import BadRecord, ReadOptions, TextBatch
from tokaudit.selection import Selected

WINDOW_BYTES: Final = 1 << 18
"""A place of a large file; a file of no more is read whole."""
_LINES: Final = "jsonl"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a file.

    Attributes:
        batches: text of it, to be measured; whole records where it has some.
        stored: bytes of the stored file that it stands for.
        documents: how many begin in it; a fraction for part of a one-document file.
        text_bytes: UTF-8 bytes of text in it.
        longest: bytes of the longest document known from it, about.
        seconds: that reading it took.
        whole: whether it is the whole file.
        bad: records that could not be read.
    """

    batches: Sequence[TextBatch]
    stored: float
    documents: float
    text_bytes: float
    longest: int
    seconds: float
    whole: bool
    bad: int = 0


@dataclass(frozen=True, slots=True)
class _Excerpt(InputFile):
    """Lines of a file, as a file of their own for a reader."""

    content: bytes = b""

    def open(self) -> IO[bytes]:
        return io.BytesIO(self.content)


def pieces(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[Piece]:
    """Pieces of the file of together about `budget` bytes of text, but at least one, evenly spread where that can be.

    A compressed file can only be read from its start. A file that can't be opened is a piece with a bad record.
    """
    file = chosen.file
    if chosen.reader == "hub" or file.size <= WINDOW_BYTES:
        yield _from_start(chosen, budget, options)[0]
    elif chosen.reader == "parquet":
        yield from _row_groups(chosen, budget, options)
    else:
        try:
            yield from _unpacked(chosen, budget, options) if compression_suffix(file.name) else _windows(
                chosen, budget, options
            )
        except (OSError, FileFault):
            yield _piece([], file.size, 0, whole=True, bad=1)


def text_bytes(batch: TextBatch) -> int:
    """UTF-8 bytes of its text."""
    return int(pc.sum(pc.binary_length(batch.text)).as_py() or 0)


def _piece(
    batches: Sequence[TextBatch], stored: float, seconds: float, *, whole: bool, bad: int = 0
) -> Piece:
    """A piece whose batches are all that is in it."""
    longest = max((pc.max(pc.binary_length(batch.text)).as_py() or 0 for batch in batches), default=0)
    documents = sum(len(batch.text) for batch in batches)
    return Piece(batches, stored, documents, sum(map(text_bytes, batches)), longest, seconds, whole, bad)


def _from_start(chosen: Selected, budget: int, options: ReadOptions) -> tuple[Piece, int]:
    """The file from its start as its reader gives it, to its end or up to the budget; and its bytes read by then."""
    started = time.perf_counter()
    batches: list[TextBatch] = []
    held = bad = 0
    whole = True
    for found in READERS.get(chosen.reader).read(chosen.file, options):
        if isinstance(found, BadRecord):
            bad += 1
            continue
        batches.append(found)
        held += text_bytes(found)
        if held >= budget:
            whole = found.position >= chosen.file.size > 0
            break
    position = chosen.file.size if whole or not batches else batches[-1].position
    return _piece(batches, position, time.perf_counter() - started, whole=whole, bad=bad), position


def _row_groups(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[Piece]:
    """Rows from the start and from three other places; a position in the file goes with its rows."""
    first, position = _from_start(chosen, budget // 4, options)
    yield first
    reader = READERS.get(chosen.reader)
    if first.whole or not first.documents or not isinstance(reader, Picker):
        return
    rows = int(first.documents * chosen.file.size / position)
    for place in (rows // 3, 2 * rows // 3, rows - 1):
        started = time.perf_counter()
        found = next(reader.pick(chosen.file, options, np.array([place]), None), None)
        if isinstance(found, TextBatch):
            stored = position * len(found.text) / first.documents
            yield _piece([found], stored, time.perf_counter() - started, whole=False)


def _windows(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[Piece]:
    """Windows of an uncompressed file from its start to its end."""
    count = max(2, budget // WINDOW_BYTES)
    apart = (chosen.file.size - WINDOW_BYTES) // (count - 1)
    without_end = 0
    with chosen.file.open() as raw:
        for number in range(count):
            started = time.perf_counter()
            raw.seek(number * apart)
            piece = _window(chosen, raw.read(WINDOW_BYTES), chosen.file.size, options, at_start=not number)
            # As many windows in a row as no line ends in lie in one long line.
            without_end = 0 if piece.documents else without_end + apart
            yield replace(piece, longest=max(piece.longest, without_end), seconds=time.perf_counter() - started)


def _unpacked(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[Piece]:
    """The start of a compressed file."""
    started = time.perf_counter()
    parts = []
    with open_stream(chosen.file) as stream:
        while sum(map(len, parts)) < budget and (data := stream.read(WINDOW_BYTES)):
            parts.append(data)
        position = stream.position()
    window = b"".join(parts)
    size = int(len(window) * chosen.file.size / position)
    piece = _window(chosen, window, size, options, at_start=True)
    yield replace(piece, stored=position, seconds=time.perf_counter() - started)


def _window(chosen: Selected, window: bytes, size: int, options: ReadOptions, *, at_start: bool) -> Piece:
    """What a window shows of a file of so many uncompressed bytes: its whole lines, or else text cut anywhere."""
    first, last = window.find(b"\n"), window.rfind(b"\n")
    if chosen.reader != _LINES or first < 0:
        text = pa.array([window.decode(errors="ignore")], pa.large_string())
        batch = TextBatch(text, np.zeros(1, np.int64), pa.array([0], pa.int64()))
        part = 0.0 if chosen.reader == _LINES else len(window) / size
        longest = len(window) if chosen.reader == _LINES else size
        return Piece([batch], len(window), part, len(window), longest, 0.0, whole=False)
    lines = window[0 if at_start else first + 1 : last + 1]
    found = list(READERS.get(_LINES).read(_Excerpt("excerpt.jsonl", "", len(lines), "", content=lines), options))
    batches = [batch for batch in found if isinstance(batch, TextBatch)]
    whole = _piece(batches, len(window), 0.0, whole=False, bad=len(found) - len(batches))
    # A line cut at the window's ends is as much text for its bytes as the others.
    return replace(whole, documents=window.count(b"\n"), text_bytes=whole.text_bytes / max(1, len(lines)) * len(window))
