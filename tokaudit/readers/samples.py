"""Pieces of a file: small files whole, of large ones as many places as a budget of bytes allows."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tokaudit.core.batches import BadRecord, ReadOptions, TextBatch
from tokaudit.pipeline.select import Selected
from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.magic import compression_suffix
from tokaudit.readers.streams import open_stream

WINDOW_BYTES: Final = 1 << 18
"""A place of a large file; a file of no more is read whole."""
_LINES: Final = "jsonl"
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class FileSample:
    """Part of a file.

    Attributes:
        batches: text of it, to be measured; whole records where it has some.
        stored: bytes of the stored file that it stands for.
        documents: how many begin in it; a fraction for part of a one-document file.
        text_bytes: UTF-8 bytes of text in all of it; may be more than in the batches.
        longest: bytes of the longest document known from it, about.
        seconds: that reading the batches took.
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

    @property
    def read_bytes(self) -> int:
        """UTF-8 bytes of text in the batches."""
        return sum(map(text_bytes, self.batches))


def sample_file(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[FileSample]:
    """Pieces of the file of together about `budget` bytes of text, but at least one, evenly spread where that can be.

    A compressed file can only be read from its start. A file that can't be opened is a piece with a bad record.
    """
    file = chosen.file
    if chosen.reader == "hub" or file.size <= WINDOW_BYTES:
        yield _from_start(chosen, budget, options)
    elif chosen.reader == "parquet":
        yield _row_group(chosen, budget, options)
    else:
        try:
            yield from (
                _unpacked(chosen, budget, options)
                if compression_suffix(file.name)
                else _windows(chosen, budget, options)
            )
        except (OSError, FileFault):
            yield _whole_batches([], file.size, 0, whole=True, bad=1)


def text_bytes(batch: TextBatch) -> int:
    """UTF-8 bytes of its text."""
    return int(pc.sum(pc.binary_length(batch.text)).as_py() or 0)


def _whole_batches(
    batches: Sequence[TextBatch], stored: float, seconds: float, *, whole: bool, bad: int = 0
) -> FileSample:
    """A piece whose batches are all that is in it."""
    longest = max((pc.max(pc.binary_length(batch.text)).as_py() or 0 for batch in batches), default=0)
    documents = sum(len(batch.text) for batch in batches)
    return FileSample(batches, stored, documents, sum(map(text_bytes, batches)), longest, seconds, whole, bad)


def _from_start(chosen: Selected, budget: int, options: ReadOptions) -> FileSample:
    """The file from its start as its reader gives it, to its end or up to the budget."""
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
    return _whole_batches(batches, position, time.perf_counter() - started, whole=whole, bad=bad)


def _row_group(chosen: Selected, budget: int, options: ReadOptions) -> FileSample:
    """Rows from the start of a Parquet file; its footer knows how many there are, and about how much text."""
    start = _from_start(chosen, budget, options)
    if start.whole or not start.documents:
        return start
    with chosen.file.open() as raw:
        parquet = pq.ParquetFile(raw)
        places = [n for n in range(len(parquet.schema)) if parquet.schema.column(n).path == options.text_field]
        meta, text = parquet.metadata, 0
        for group in range(meta.num_row_groups):
            text += sum(meta.row_group(group).column(place).total_uncompressed_size for place in places)
    # A text stands in a page behind its length of four bytes; in a dictionary, many stand once.
    text -= _LENGTH_BYTES * meta.num_rows
    mean = start.text_bytes / start.documents
    return replace(
        start, stored=chosen.file.size, documents=meta.num_rows, text_bytes=max(text, 0) or mean * meta.num_rows
    )


def _windows(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[FileSample]:
    """Windows of an uncompressed file, each in the middle of an equal part of it."""
    size = chosen.file.size
    count = max(1, min(budget, size) // WINDOW_BYTES)
    part = size // count
    lines = without_end = 0
    with chosen.file.open() as raw:
        for number in range(count):
            started = time.perf_counter()
            raw.seek(number * part + (part - WINDOW_BYTES) // 2)
            piece = _window(chosen, raw.read(WINDOW_BYTES), size, options, at_start=False)
            lines += bool(piece.documents)
            if number == count - 1 and not lines:
                piece = replace(piece, documents=count * WINDOW_BYTES / size)  # a single line
            # Where no line ends in some windows in a row, they lie in one long line.
            without_end = 0 if piece.documents else without_end + part
            yield replace(piece, longest=max(piece.longest, without_end), seconds=time.perf_counter() - started)


def _unpacked(chosen: Selected, budget: int, options: ReadOptions) -> Iterator[FileSample]:
    """The start of a compressed file."""
    started = time.perf_counter()
    parts: list[bytes] = []
    with open_stream(chosen.file) as stream:
        while sum(map(len, parts)) < budget and (data := stream.read(WINDOW_BYTES)):
            parts.append(data)
        position = stream.position()
    window = b"".join(parts)
    if not window:
        yield _whole_batches([], chosen.file.size, time.perf_counter() - started, whole=True)
        return
    size = int(len(window) * chosen.file.size / position)
    piece = _window(chosen, window, size, options, at_start=True)
    yield replace(piece, stored=position, seconds=time.perf_counter() - started)


def _window(chosen: Selected, window: bytes, size: int, options: ReadOptions, *, at_start: bool) -> FileSample:
    """What a window shows of a file of so many uncompressed bytes: its whole lines, or else text cut anywhere."""
    start = 0 if at_start else window.find(b"\n") + 1
    lines = window[start : window.rfind(b"\n") + 1]
    if chosen.reader != _LINES or not lines:
        text = pa.array([window.decode(errors="ignore")], pa.large_string())
        batch = TextBatch(text, np.zeros(1, np.int64), pa.array([0], pa.int64()))
        part = window.count(b"\n") if chosen.reader == _LINES else len(window) / size
        longest = len(window) if chosen.reader == _LINES else size
        return FileSample([batch], len(window), part, len(window), longest, 0.0, whole=False)
    excerpt = InputFile("excerpt.jsonl", "", len(lines), "", data=lines)
    found = list(READERS.get(_LINES).read(excerpt, options))
    batches = [batch for batch in found if isinstance(batch, TextBatch)]
    whole = _whole_batches(batches, len(window), 0.0, whole=False, bad=len(found) - len(batches))
    # A line cut at the window's ends is as much text for its bytes as the others.
    return replace(whole, documents=window.count(b"\n"), text_bytes=whole.text_bytes * len(window) / len(lines))
