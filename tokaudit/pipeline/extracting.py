"""The pages of a batch of work turned into texts, in a worker's thread."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import itemgetter

import numpy as np

from tokaudit.core.batches import Documents, PageBatch
from tokaudit.pipeline.batching import WorkBatch
from tokaudit.readers.pages.extracted import Extracted, extract_all


def with_texts(work: WorkBatch) -> WorkBatch:
    """The batch with texts in place of pages; pages without text, or whose extraction failed, are no documents.

    Raises:
        OSError: no process that extracts can be started.
    """
    pages = [batch for batch in work.batches if isinstance(batch, PageBatch)]
    if not pages:
        return work
    places = _places(work)
    done = iter(extract_all(pages))
    batches: list[Documents | PageBatch] = []
    bad, omitted = list(work.bad), list(work.omitted)
    documents = list(work.documents)
    for place, batch in zip(places, work.batches, strict=True):
        if not isinstance(batch, PageBatch):
            batches.append(batch)
            continue
        extracted = next(done)
        documents[place] -= len(batch.ordinal) - len(extracted.text.ordinal)
        bad += [(place, record) for record in extracted.bad]
        if extracted.omitted is not None:
            omitted.append((place, extracted.omitted))
        batches += _if_any(extracted)
    return replace(
        work,
        documents=documents,
        bad=sorted(bad, key=itemgetter(0)),
        omitted=sorted(omitted, key=itemgetter(0)),
        batches=batches,
        rows=sum(documents),
    )


def _places(work: WorkBatch) -> Iterable[int]:
    """The place of the file of each batch."""
    begins = np.cumsum([0, *(len(batch.ordinal) for batch in work.batches[:-1])])
    return [int(place) for place in np.searchsorted(np.cumsum(work.documents), begins, side="right")]


def _if_any(extracted: Extracted) -> Iterator[Documents]:
    if len(extracted.text.ordinal):
        yield extracted.text
