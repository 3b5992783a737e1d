"""From batches of pages to batches of text: what becomes of each page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tokaudit.core.arrow import byte_lengths, text_from_bytes, to_arrow
from tokaudit.core.batches import BadRecord, Finished, Found, Omitted, PageBatch, TextBatch
from tokaudit.readers.pages.workers import Failure, extract


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of the pages of a batch.

    Attributes:
        text: the documents, in order; there may be none.
        bad: pages whose extraction failed.
        omitted: pages without text; None if there are none.
    """

    text: TextBatch
    bad: Sequence[BadRecord]
    omitted: Omitted | None

    def found(self) -> Iterator[Finished]:
        """All of it, as a reader yields it."""
        yield from self.bad
        if self.omitted is not None:
            yield self.omitted
        if len(self.text.ordinal):
            yield self.text


def extract_all(batches: Sequence[PageBatch]) -> list[Extracted]:
    """What became of the pages of each batch. All batches are extracted alike.

    Raises:
        OSError: no process can be started.
    """
    if not batches:
        return []
    texts = extract(batches)
    found = []
    begin = 0
    for batch in batches:
        end = begin + len(batch.ordinal)
        found.append(_extracted(batch, texts[begin:end]))
        begin = end
    return found


def extracted(found: Iterable[Found]) -> Iterator[Finished]:
    """Yield what a reader found, with texts in place of pages.

    Raises:
        OSError: no process can be started.
    """
    for each in found:
        if isinstance(each, PageBatch):
            yield from extract_all([each])[0].found()
        else:
            yield each


def _extracted(batch: PageBatch, texts: Sequence[bytes | Failure]) -> Extracted:
    bad: list[BadRecord] = []
    found: list[bytes] = []
    rows: list[int] = []
    empty: list[int] = []
    for row, text in enumerate(texts):
        if isinstance(text, Failure):
            why = f"its text can't be extracted: {text.why}"
            bad.append(BadRecord(int(batch.ordinal[row]), batch.offset[row].as_py(), "extraction_failed", why))
        elif text:
            found.append(text)
            rows.append(row)
        else:
            empty.append(row)
    documents = TextBatch(text_from_bytes(found), batch.ordinal, batch.offset, batch.labels, batch.position)
    if len(rows) < len(texts):
        places = to_arrow(np.array(rows, np.int64))
        labels = {name: values.take(places) for name, values in batch.labels.items()}
        documents = replace(documents, ordinal=batch.ordinal[rows], offset=batch.offset.take(places), labels=labels)
    return Extracted(documents, bad, _without_text(batch, empty))


def _without_text(batch: PageBatch, rows: Sequence[int]) -> Omitted | None:
    if not rows:
        return None
    size = int(byte_lengths(batch.pages)[rows].sum())
    return Omitted("no_text", "", len(rows), size, f"record {int(batch.ordinal[rows[0]]):,}")
