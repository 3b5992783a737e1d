"""Samples of a file: a small file whole, a large file in as many windows as a budget of bytes allows."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import document_bytes
from tokaudit.core.batches import BadRecord, Documents, Found, Omitted, TextBatch
from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.pages.extracted import extracted
from tokaudit.readers.unpack.streams import ByteStream, open_stream

WINDOW_BYTES: Final = 1 << 18
"""The size of a window of a large file; a file that is not larger is read whole."""


@dataclass(frozen=True, slots=True)
class FileSample:
    """Part of a file.

    Attributes:
        batches: text to measure; whole records if the sample contains some.
        stored: bytes of the stored file that the sample represents.
        documents: number of documents that begin in it; a fraction for part of a one-document file.
        text_bytes: UTF-8 bytes of text in the whole sample; may be more than in the batches.
        longest: approximate bytes of the longest document known from it.
        seconds: time that reading the batches took.
        whole: whether the sample is the whole file.
        bad: number of records that could not be read.
    """

    batches: Sequence[Documents]
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
        return _bytes_of(self.batches)


Items = Iterator[Found]
Window = Callable[[bytes, int, bool], FileSample]
"""Bytes from a file, uncompressed size of the whole file, whether the bytes are its first -> the sample."""


def _whole_sample(
    batches: Sequence[Documents], stored: float, seconds: float, *, whole: bool, bad: int = 0
) -> FileSample:
    """A sample whose batches are all of its text."""
    longest = max((int(document_bytes(batch).max(initial=0)) for batch in batches), default=0)
    documents = sum(len(batch.ordinal) for batch in batches)
    return FileSample(batches, stored, documents, _bytes_of(batches), longest, seconds, whole, bad)


def _bytes_of(batches: Sequence[Documents]) -> int:
    return sum(int(document_bytes(batch).sum()) for batch in batches)


def sample_from_start(found: Items, file: InputFile, budget: int) -> FileSample:
    """A sample of what a reader finds in a file, from its start to its end or up to the budget."""
    started = time.perf_counter()
    batches: list[Documents] = []
    held = bad = 0
    whole = True
    for each in extracted(found):
        if isinstance(each, BadRecord | Omitted):
            bad += isinstance(each, BadRecord)
            continue
        batches.append(each)
        held += _bytes_of([each])
        if held >= budget:
            whole = each.position >= file.size > 0
            break
    position = file.size if whole or not batches else batches[-1].position
    return _whole_sample(batches, position, time.perf_counter() - started, whole=whole, bad=bad)


def sample_windows(file: InputFile, budget: int, look: Window) -> Iterator[FileSample]:
    """Yield one sample per window, each in the middle of an equal part; a compressed file has one window at its start.

    A file that can't be opened is a sample with one bad record.
    """
    try:
        with open_stream(file) as stream:
            if stream.compression:
                yield from _unpacked(stream, file, budget, look)
            else:
                yield from _spread(stream.rewound(), file, budget, look)
    except (OSError, FileFault):
        yield _whole_sample([], file.size, 0, whole=True, bad=1)


def _spread(raw: IO[bytes], file: InputFile, budget: int, look: Window) -> Iterator[FileSample]:
    count = max(1, min(budget, file.size) // WINDOW_BYTES)
    part = file.size // count
    lines = without_end = 0
    for number in range(count):
        started = time.perf_counter()
        raw.seek(number * part + (part - WINDOW_BYTES) // 2)
        sample = look(raw.read(WINDOW_BYTES), file.size, False)
        lines += bool(sample.documents)
        if number == count - 1 and not lines:
            sample = replace(sample, documents=count * WINDOW_BYTES / file.size)  # the file is a single line
        # Consecutive windows in which no line ends are inside one long line.
        without_end = 0 if sample.documents else without_end + part
        longest = max(sample.longest, without_end)
        yield replace(sample, longest=longest, seconds=time.perf_counter() - started)


def _unpacked(stream: ByteStream, file: InputFile, budget: int, look: Window) -> Iterator[FileSample]:
    """Yield a sample of the start of a compressed file."""
    started = time.perf_counter()
    parts: list[bytes] = []
    while sum(map(len, parts)) < budget and (data := stream.read(WINDOW_BYTES)):
        parts.append(data)
    position = stream.position()
    window = b"".join(parts)
    if not window:
        yield _whole_sample([], file.size, time.perf_counter() - started, whole=True)
        return
    sample = look(window, int(len(window) * file.size / position), True)
    yield replace(sample, stored=position, seconds=time.perf_counter() - started)


def window_of_text(window: bytes, size: int, at_start: bool) -> FileSample:  # noqa: ARG001 - a `Window`
    """A sample of one window of a file that is one document."""
    return FileSample(_cut_text(window), len(window), len(window) / size, len(window), size, 0.0, whole=False)


def window_of_lines(read: Callable[[InputFile], Items], window: bytes, at_start: bool) -> FileSample:
    """A sample of one window of a file of lines: its whole lines, or else its bytes as cut text.

    Args:
        read: a function that reads a file of such lines.
        window: bytes from the file.
        at_start: whether they are the first bytes of the file.
    """
    start = 0 if at_start else window.find(b"\n") + 1
    lines = window[start : window.rfind(b"\n") + 1]
    ends = window.count(b"\n")
    if not lines:
        return FileSample(_cut_text(window), len(window), ends, len(window), len(window), 0.0, whole=False)
    found = list(read(InputFile("sample", "", len(lines), "", data=lines)))
    batches = [batch for batch in found if isinstance(batch, TextBatch)]
    whole = _whole_sample(
        batches, len(window), 0.0, whole=False, bad=sum(isinstance(each, BadRecord) for each in found)
    )
    # Lines cut at the ends of the window have as much text per byte as the others.
    return replace(whole, documents=ends, text_bytes=whole.text_bytes * len(window) / len(lines))


def _cut_text(window: bytes) -> list[TextBatch]:
    text = pa.array([window.decode(errors="ignore")], pa.large_string())
    return [TextBatch(text, np.zeros(1, np.int64), pa.array([0], pa.int64()))]
