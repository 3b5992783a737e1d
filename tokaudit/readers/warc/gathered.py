"""Documents and bad records of a crawl on their way to batches."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import short_text_column, to_arrow
from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord, Found, PageBatch, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.warc.documents import Page
from tokaudit.readers.warc.frames import Frame
from tokaudit.readers.warc.labels import label_of

_MOST_BAD: Final = 1_000
"""Most bad records that wait for the batch of their neighbours."""


class GatheredPages:
    """Documents and bad records on their way to batches, in order. Pages and texts come in batches of their own.

    Args:
        options: how much comes at once, and which labels.
        position: returns the bytes of the stored file read so far.
    """

    def __init__(self, options: ReadOptions, position: Callable[[], int]) -> None:
        self._options = options
        self._position = position
        self._labelled = {name: label_of(field) for name, field in options.labels.items()}
        self._clear()

    def _clear(self) -> None:
        self._bodies: list[bytes | memoryview] = []
        self._ends = [0]
        self._kinds: list[int] = []
        self._charsets: list[str | None] = []
        self._ordinals: list[int] = []
        self._offsets: list[int] = []
        self._labels: dict[str, list[str | None]] = {name: [] for name in self._labelled}
        self._bad: list[BadRecord] = []
        self._label_bytes = 0
        self._is_text = False

    def add_bad(self, ordinal: int, offset: int, code: BadCode, why: str) -> Iterator[Found]:
        """Add a bad record, and yield what is before it if that is enough."""
        self._bad.append(BadRecord(ordinal, offset, code, why))
        if len(self._bad) >= _MOST_BAD:
            yield from self.take()

    def add(self, frame: Frame, page: Page, ordinal: int) -> Iterator[Found]:
        """Add a document, and yield those before it if they are enough, or of the other kind."""
        full = (
            self._ends[-1] + len(page.body) + self._label_bytes > self._options.batch_bytes
            or len(self._ordinals) >= self._options.batch_documents
        )
        if self._ordinals and (full or self._is_text != page.is_text):
            yield from self.take()
        self._is_text = page.is_text
        self._bodies.append(page.body)
        self._ends.append(self._ends[-1] + len(page.body))
        self._kinds.append(page.kind)
        self._charsets.append(page.charset)
        self._ordinals.append(ordinal)
        self._offsets.append(frame.offset)
        for name, label in self._labelled.items():
            value = label(page)
            self._labels[name].append(value)
            self._label_bytes += len(value or "")

    def take(self) -> Iterator[Found]:
        """Yield what there is."""
        if not self._ordinals:
            yield from self._bad
            self._bad.clear()
            return
        position = self._position()
        ends = np.array(self._ends, np.int64)
        buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(self._bodies))]
        self._bodies.clear()
        found: list[Found] = [*self._bad]
        if self._is_text:
            found = self._texts(buffers, position)
        else:
            found.append(self._pages(buffers, position))
        self._clear()
        yield from found

    def _columns(self) -> tuple[Int64, pa.Int64Array, dict[str, pa.StringArray]]:
        labels = {name: short_text_column(values) for name, values in self._labels.items()}
        return np.array(self._ordinals, np.int64), to_arrow(np.array(self._offsets, np.int64)), labels

    def _pages(self, buffers: list[pa.Buffer | None], position: int) -> PageBatch:
        ordinal, offset, labels = self._columns()
        return PageBatch(
            pages=pa.Array.from_buffers(pa.large_binary(), len(ordinal), buffers),
            kind=np.array(self._kinds, np.uint8),
            charset=short_text_column(self._charsets),
            extraction=self._options.extraction,
            ordinal=ordinal,
            offset=offset,
            labels=labels,
            position=position,
        )

    def _texts(self, buffers: list[pa.Buffer | None], position: int) -> list[Found]:
        """The batch of texts, and those that are not valid as bad records, with the other bad records in order."""
        ordinal, offset, labels = self._columns()
        text = pa.Array.from_buffers(pa.large_string(), len(ordinal), buffers)
        bad = self._bad
        try:
            text.validate(full=True)
        except pa.ArrowInvalid:
            faults = [_invalid(bytes(each)) for each in text.view(pa.large_binary()).to_pylist()]
            rows = np.array([row for row, why in enumerate(faults) if not why], np.int64)
            bad = bad + [
                BadRecord(int(ordinal[row]), self._offsets[row], "encoding", why)
                for row, why in enumerate(faults)
                if why
            ]
            bad.sort(key=lambda each: each.ordinal or 0)
            text, ordinal, offset = text.take(rows), ordinal[rows], offset.take(rows)
            labels = {name: values.take(rows) for name, values in labels.items()}
        batch = [TextBatch(text, ordinal, offset, labels, position)] if len(ordinal) else []
        return [*bad, *batch]


def _invalid(data: bytes) -> str:
    """What is wrong with the encoding of a text; empty if nothing is."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"is not valid UTF-8: byte {error.start:,} of its text"
    return ""
