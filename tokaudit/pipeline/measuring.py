"""Measuring a batch of work in a worker's thread: text in, integers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import first_documents, text_column, to_arrow
from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch, Omitted, PageBatch, TextBatch, TextOrigin
from tokaudit.core.types import Int64
from tokaudit.ingesters.cleaning import Step
from tokaudit.measure.measure import Detect, Meet, measure_backfill, measure_documents, split_uncounted
from tokaudit.measure.repeats import PARAGRAPHS, Repeats
from tokaudit.pipeline.batching import WorkBatch
from tokaudit.pipeline.changes import FileTask, content_hash
from tokaudit.readers.formats import READERS
from tokaudit.readers.parts import PartEnd


@dataclass(frozen=True, slots=True)
class MeasuredWork:
    """The results of a batch. Fields not listed here are as in `WorkBatch`.

    Attributes:
        contents: hash of the stored bytes of each file.
        checked: whether check sums cover each file.
        documents: number of documents of each file that could be counted.
        bad: bad records in the files' order, documents that could not be counted among them.
        measured: the counted documents of new files; None if there are none.
        backfill: the counted documents of files in the catalog; None if there are none.
        position: stored bytes read so far of a file that goes on; 0 for files that end here.
        part_end: the end of a part of a file, if it is here.
    """

    tasks: Sequence[FileTask]
    contents: Sequence[str]
    checked: Sequence[bool]
    documents: Int64
    origins: Sequence[TextOrigin]
    bad: Sequence[tuple[int, BadRecord]]
    omitted: Sequence[tuple[int, Omitted]]
    measured: MeasuredBatch | None
    backfill: BackfillBatch | None
    begins: bool
    ends: bool
    position: int
    part_end: PartEnd | None = None

    @property
    def batch(self) -> MeasuredBatch | BackfillBatch | None:
        """The counted documents, of new files or of files in the catalog; None if there are none."""
        return self.measured or self.backfill

    def files_before(self, place: int) -> "MeasuredWork":
        """The results of the files before the one at this place."""
        documents = self.documents[:place]
        return replace(
            self,
            tasks=self.tasks[:place],
            contents=self.contents[:place],
            checked=self.checked[:place],
            documents=documents,
            origins=self.origins[:place],
            bad=[(of, record) for of, record in self.bad if of < place],
            omitted=[(of, parts) for of, parts in self.omitted if of < place],
            measured=self.measured and first_documents(self.measured, int(documents.sum())),
            backfill=self.backfill and first_documents(self.backfill, int(documents.sum())),
        )


def measure_work(
    work: WorkBatch,
    steps: Sequence[Step],
    meet: Meet,
    detect: Detect | None = None,
    repeats: Repeats = PARAGRAPHS,
) -> MeasuredWork:
    """Clean, count and fingerprint the texts; hash the files that the reading did not hash.

    Args:
        work: files, or a stretch of one, whose pages have become texts.
        steps: the cleaning steps.
        meet: is shown the texts of new files.
        detect: gives the languages of texts; None if they are not asked for.
        repeats: which repetition inside a document of a new file is measured.
    """
    texts = [batch for batch in work.batches if not isinstance(batch, PageBatch)]
    task = work.tasks[0]
    documents, bad = np.array(work.documents), work.bad
    measured = backfill = None
    if texts and task.backfills is None:
        measured = measure_documents(texts, task.counters, steps, meet, detect, repeats)
        measured = replace(measured, labels=_labels(work, measured.labels))
        measured, documents, uncounted = split_uncounted(measured, work.documents)
        bad = sorted(bad + uncounted, key=itemgetter(0))
    elif texts:  # stores of token ids are never counted with another tokenizer
        of_text = [batch for batch in texts if isinstance(batch, TextBatch)]
        backfill = measure_backfill(of_text, task.counters, steps, detect if task.rereads_labels else None)
        backfill = replace(backfill, labels=_labels(work, backfill.labels) if task.rereads_labels else {})
    contents, checked = _looked_up(work)
    return MeasuredWork(
        tasks=work.tasks,
        contents=contents,
        checked=checked,
        documents=documents,
        origins=work.origins,
        bad=bad,
        omitted=work.omitted,
        measured=measured,
        backfill=backfill,
        begins=work.begins,
        ends=work.ends,
        position=0 if work.ends or not work.batches else work.batches[-1].position,
        part_end=work.part_end,
    )


def _looked_up(work: WorkBatch) -> tuple[list[str], list[bool]]:
    """The hash of the stored bytes of each file, and whether check sums cover it, where the reading did not say so."""
    contents = [
        content_hash(each.file) if content is None else content
        for each, content in zip(work.tasks, work.contents, strict=True)
    ]
    checked = [
        READERS.get(each.reader).is_checked(each.file) if known is None and work.begins else bool(known)
        for each, known in zip(work.tasks, work.checked, strict=True)
    ]
    return contents, checked


def _labels(work: WorkBatch, fields: Mapping[str, pa.StringArray]) -> dict[str, pa.StringArray]:
    """Labels of each document: its kept fields; for a label without such a field, the ingester's own value."""
    names = dict.fromkeys(name for labels in work.labels for name in labels)
    places = to_arrow(np.repeat(np.arange(len(work.tasks)), work.documents))
    labels = dict(fields)
    for name in names:
        own = text_column([of_file.get(name) for of_file in work.labels]).cast(pa.string()).take(places)
        labels[name] = fields[name].fill_null(own) if name in fields else own
    return labels
