"""From batches of pages to batches of text: what becomes of each page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tokaudit.core.arrow import byte_lengths, take_rows, text_from_bytes
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
    bad = [
        BadRecord(
            int(batch.ordinal[row]),
            batch.offset[row].as_py(),
            "extraction_failed",
            f"its text can't be extracted: {text.why}",
        )
        for row, text in enumerate(texts)
        if isinstance(text, Failure)
    ]
    rows = [row for row, text in enumerate(texts) if not isinstance(text, Failure) and text.strip()]
    empty = [row for row, text in enumerate(texts) if not isinstance(text, Failure) and not text.strip()]
    kept = batch if len(rows) == len(texts) else take_rows(batch, np.array(rows, np.int64))
    document = TextBatch(
        text=text_from_bytes([text for row in rows if isinstance(text := texts[row], bytes)]),
        ordinal=kept.ordinal,
        offset=kept.offset,
        labels=kept.labels,
        position=kept.position,
    )
    return Extracted(document, bad, _without_text(batch, empty))


def _without_text(batch: PageBatch, rows: Sequence[int]) -> Omitted | None:
    if not rows:
        return None
    size = int(byte_lengths(batch.pages)[rows].sum())
    return Omitted("no_text", "", len(rows), size, f"record {int(batch.ordinal[rows[0]]):,}")
