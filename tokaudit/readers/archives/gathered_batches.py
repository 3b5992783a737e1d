"""Batches of the members of an archive, joined into larger ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import PageBatch, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.options import ReadOptions


@dataclass(frozen=True, slots=True)
class _Part:
    """A batch of one member, and what holds for all its documents.

    Attributes:
        batch: as its reader gave it.
        ordinals: in the archive.
        base: first byte of the member in the archive; None if its offsets mean nothing there.
        labels: label -> value of all its documents.
    """

    batch: TextBatch | PageBatch
    ordinals: Int64
    base: int | None
    labels: Mapping[str, str]


class GatheredBatches:
    """Batches on their way to larger ones, in order; only batches of one text field are joined."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._parts: list[_Part] = []
        self._documents = 0
        self._bytes = 0

    def add(
        self, batch: TextBatch | PageBatch, first: int, base: int | None, labels: Mapping[str, str], position: int
    ) -> Iterator[TextBatch | PageBatch]:
        """Add a batch, and yield those before it if they are enough, or of another kind or field.

        Args:
            batch: from a member.
            first: ordinal of the member's first record.
            base: first byte of the member in the archive; None if its offsets mean nothing there.
            labels: label -> value of all its documents.
            position: bytes of the stored archive read so far.
        """
        size = _content(batch).get_total_buffer_size()
        full = (
            self._bytes + size > self._options.batch_bytes
            or self._documents + len(batch.ordinal) > self._options.batch_documents
        )
        if self._parts and (full or _kind(self._parts[-1].batch) != _kind(batch)):
            yield from self.take(position)
        self._parts.append(_Part(batch, batch.ordinal + first, base, labels))
        self._documents += len(batch.ordinal)
        self._bytes += size

    def take(self, position: int) -> Iterator[TextBatch | PageBatch]:
        """Yield the batches as one, if there are any."""
        parts, self._parts = self._parts, []
        self._documents = self._bytes = 0
        if parts:
            yield _joined(parts, position)


def _content(batch: TextBatch | PageBatch) -> pa.Array:
    return batch.text if isinstance(batch, TextBatch) else batch.pages


def _kind(batch: TextBatch | PageBatch) -> object:
    """What the batches that are joined have in common."""
    return batch.text_field if isinstance(batch, TextBatch) else batch.extraction


def _joined(parts: list[_Part], position: int) -> TextBatch | PageBatch:
    contents = [_content(part.batch) for part in parts]
    content = contents[0] if len(contents) == 1 else pa.concat_arrays(contents)
    ordinal, offset, labels = np.concatenate([part.ordinals for part in parts]), _offsets(parts), _labels(parts)
    batches = [part.batch for part in parts]
    last = batches[-1]
    if isinstance(last, TextBatch):
        return TextBatch(content, ordinal, offset, labels, position, last.text_field)
    pages = [batch for batch in batches if isinstance(batch, PageBatch)]
    kind = np.concatenate([batch.kind for batch in pages])
    charset = pa.concat_arrays([batch.charset for batch in pages])
    return PageBatch(content, kind, charset, last.extraction, ordinal, offset, labels, position)


def _offsets(parts: list[_Part]) -> pa.Int64Array:
    if all(part.base is not None and not part.batch.offset.null_count for part in parts):
        return to_arrow(np.concatenate([part.batch.offset.to_numpy() + part.base for part in parts]))
    found: list[int | None] = []
    for part in parts:
        if part.base is None:
            found += [None] * len(part.ordinals)
        else:
            found += [None if each is None else each + part.base for each in part.batch.offset.to_pylist()]
    return pa.array(found, pa.int64())


def _labels(parts: list[_Part]) -> dict[str, pa.StringArray]:
    """The labels from fields; where a document has no such field, those of its member."""
    places = to_arrow(np.repeat(np.arange(len(parts)), [len(part.ordinals) for part in parts]))
    names = dict.fromkeys(name for part in parts for name in (*part.batch.labels, *part.labels))
    found = {}
    for name in names:
        fields = [
            part.batch.labels[name] if name in part.batch.labels else pa.nulls(len(part.ordinals), pa.string())
            for part in parts
        ]
        column = fields[0] if len(fields) == 1 else pa.concat_arrays(fields)
        if any(name in part.labels for part in parts):
            own = pa.array([part.labels.get(name) for part in parts], pa.string()).take(places)
            column = own if column.null_count == len(column) else column.fill_null(own)
        found[name] = column
    return found
