"""Batches of the members of an archive, joined into larger ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import TextBatch
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

    batch: TextBatch
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
        self, batch: TextBatch, first: int, base: int | None, labels: Mapping[str, str], position: int
    ) -> Iterator[TextBatch]:
        """Add a batch, and yield those before it if they are enough, or of another field.

        Args:
            batch: from a member.
            first: ordinal of the member's first record.
            base: first byte of the member in the archive; None if its offsets mean nothing there.
            labels: label -> value of all its documents.
            position: bytes of the stored archive read so far.
        """
        size = batch.text.get_total_buffer_size()
        full = (
            self._bytes + size > self._options.batch_bytes
            or self._documents + len(batch.ordinal) > self._options.batch_documents
        )
        if self._parts and (full or self._parts[-1].batch.text_field != batch.text_field):
            yield from self.take(position)
        self._parts.append(_Part(batch, batch.ordinal + first, base, labels))
        self._documents += len(batch.ordinal)
        self._bytes += size

    def take(self, position: int) -> Iterator[TextBatch]:
        """Yield the batches as one, if there are any."""
        parts, self._parts = self._parts, []
        self._documents = self._bytes = 0
        if parts:
            texts = [part.batch.text for part in parts]
            yield TextBatch(
                text=texts[0] if len(texts) == 1 else pa.concat_arrays(texts),
                ordinal=np.concatenate([part.ordinals for part in parts]),
                offset=_offsets(parts),
                labels=_labels(parts),
                position=position,
                text_field=parts[-1].batch.text_field,
            )


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
