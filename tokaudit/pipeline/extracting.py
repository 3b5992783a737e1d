"""The pages of a batch of work turned into texts, in a worker's thread."""

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

import numpy as np

from tokaudit.core.batches import BadRecord, Documents, Omitted, PageBatch
from tokaudit.pipeline.batching import WorkBatch
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.left_out import suffix_of
from tokaudit.readers.formats import READERS
from tokaudit.readers.pages.extracted import Extracted, extract_all


def with_texts(work: WorkBatch) -> WorkBatch:
    """The batch with texts in place of pages; pages without text, or whose extraction failed, are no documents.

    Raises:
        OSError: no process that extracts can be started.
    """
    if not any(isinstance(batch, PageBatch) for batch in work.batches):
        return work
    done = iter(extract_all([batch for batch in work.batches if isinstance(batch, PageBatch)]))
    batches: list[Documents | PageBatch] = []
    bad, omitted = list(work.bad), list(work.omitted)
    documents = list(work.documents)
    for place, batch in zip(_places(work), work.batches, strict=True):
        if not isinstance(batch, PageBatch):
            batches.append(batch)
            continue
        extracted = next(done)
        documents[place] -= len(batch.ordinal) - len(extracted.text.ordinal)
        bad += [(place, record) for record in extracted.bad]
        if extracted.omitted is not None:
            omitted.append((place, _of_file(extracted.omitted, work.tasks[place])))
        batches += _if_any(extracted)
    return replace(
        work,
        documents=documents,
        bad=sorted(bad, key=_order),
        omitted=sorted(omitted, key=itemgetter(0)),
        batches=batches,
        rows=sum(documents),
    )


def _of_file(omitted: Omitted, task: FileTask) -> Omitted:
    """What is left out of a file: the file itself if it is one page or book."""
    if READERS.get(task.reader).documents_per_file != 1:
        return omitted
    return replace(omitted, suffix=suffix_of(task.file.path), example="")


def _places(work: WorkBatch) -> list[int]:
    """The place of the file of each batch."""
    begins = np.cumsum([0, *(len(batch.ordinal) for batch in work.batches[:-1])])
    places = np.searchsorted(np.cumsum(work.documents), begins, side="right")
    return [int(place) for place in places.clip(max=len(work.tasks) - 1)]  # a batch of no rows may come last


def _order(found: tuple[int, BadRecord]) -> tuple[int, bool, int]:
    """In the order of the files and of their records; the rest of a file comes last."""
    place, record = found
    return place, record.ordinal is None, record.ordinal or 0


def _if_any(extracted: Extracted) -> Iterator[Documents]:
    if len(extracted.text.ordinal):
        yield extracted.text
