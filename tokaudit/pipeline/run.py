"""Files to the catalog: read in order, measured side by side in threads, written in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.catalog.backfill import BackfillWriter
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.arrow import Batch, filter_batch, text_column, to_arrow
from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch, ReadOptions
from tokaudit.core.errors import InputError
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.types import Int64
from tokaudit.ingesters.base import Ingester
from tokaudit.ingesters.cleaning import Step
from tokaudit.measure.measure import measure, measure_backfill, split_uncounted
from tokaudit.pipeline.batching import WorkBatch, work_batches
from tokaudit.pipeline.changes import FileTask, content_hash
from tokaudit.pipeline.watcher import ProgressListener

_WAITING: Final = 4
"""Groups a worker may be ahead of the writing, so that a commit stops nobody; they are integers by then."""

ORIGIN: Final = "origin"
ORIGINS: Final = frozenset({"natural", "rephrased", "synthetic"})


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was drawn together, as it is kept; fields as in `WorkBatch`, but for these.

    Attributes:
        contents: hash of what is stored in each file.
        documents: how many of each could be counted.
        bad: in the files' order, with the documents that could not be counted.
        measured, recounted: the documents that could, of new files or of those in the catalog; None if there are none.
        position: bytes read so far of a file that goes on, as stored.
    """

    works: Sequence[FileTask]
    contents: Sequence[str]
    documents: Int64
    bad: Sequence[tuple[int, BadRecord]]
    measured: MeasuredBatch | None
    recounted: BackfillBatch | None
    begins: bool
    ends: bool
    position: int

    def before(self, place: int) -> "_Measured":
        """The whole files before one of them."""
        documents = self.documents[:place]
        return replace(
            self,
            works=self.works[:place],
            contents=self.contents[:place],
            documents=documents,
            bad=[(of, record) for of, record in self.bad if of < place],
            measured=self.measured and _first(self.measured, int(documents.sum())),
            recounted=self.recounted and _first(self.recounted, int(documents.sum())),
        )


def _first(batch: Batch, documents: int) -> Batch:
    return filter_batch(batch, np.arange(len(batch.ordinal)) < documents)


@dataclass(frozen=True, slots=True)
class Sink:
    """Where what was measured goes, and who is told.

    Attributes:
        files: takes whole files.
        backfills: takes further token counts of files that are in.
        listener: is told how far it has come.
        skip_bad: whether a bad record becomes a row; else the first one ends the ingest.
    """

    files: CatalogWriter
    backfills: BackfillWriter
    listener: ProgressListener
    skip_bad: bool

    def flush(self) -> None:
        """Commit the files that are all in."""
        self.files.flush()
        self.backfills.flush()


def run(
    work: Iterable[FileTask], options: ReadOptions, ingester: Ingester, steps: Sequence[Step], workers: int, sink: Sink
) -> None:
    """Read, measure and write the files; commits as it goes, but for the last `Sink.flush`.

    Raises:
        InputError: a bad record that is not to be skipped; its file is left unfinished.
    """
    measuring = partial(_measure, steps=steps, listener=sink.listener)
    with ordered_map(measuring, work_batches(work, options, ingester), workers, _WAITING * workers) as measured:
        for group in measured:
            _write(group, sink)
            _tell(sink.listener, group)


def _measure(drawn: WorkBatch, steps: Sequence[Step], listener: ProgressListener) -> _Measured:
    work = drawn.works[0]
    documents, bad = np.array(drawn.documents), drawn.bad
    measured = recounted = None
    with listener.working(drawn.place()):
        if drawn.batches and work.backfills is None:
            measured = measure(drawn.batches, work.counters, steps)
            measured = replace(measured, labels=_labels(drawn, measured.labels))
            measured, documents, uncounted = split_uncounted(measured, drawn.documents)
            bad = sorted(bad + uncounted, key=itemgetter(0))
        elif drawn.batches:
            recounted = measure_backfill(drawn.batches, work.counters, steps)
            recounted = replace(recounted, labels=_labels(drawn, recounted.labels) if work.rereads_labels else {})
        contents = [  # the others go on reading meanwhile
            content_hash(item.file) if content is None else content
            for item, content in zip(drawn.works, drawn.contents, strict=True)
        ]
    position = 0 if drawn.ends or not drawn.batches else drawn.batches[-1].position
    return _Measured(drawn.works, contents, documents, bad, measured, recounted, drawn.begins, drawn.ends, position)


def _labels(drawn: WorkBatch, fields: Mapping[str, pa.StringArray]) -> dict[str, pa.StringArray]:
    """Labels of each document: its fields that are kept; where it has none of a name, the ingester's own."""
    names = dict.fromkeys(name for labels in drawn.labels for name in labels)
    places = to_arrow(np.repeat(np.arange(len(drawn.works)), drawn.documents))
    labels = dict(fields)
    for name in names:
        own = text_column([of_file.get(name) for of_file in drawn.labels]).cast(pa.string()).take(places)
        labels[name] = pc.coalesce(fields[name], own) if name in fields else own
    return labels


def _write(group: _Measured, sink: Sink) -> None:
    refused = _refused(group, skip_bad=sink.skip_bad)
    kept = group if refused is None else group.before(refused[0])
    documents = kept.documents.tolist()
    known = [(work.backfills, work.file.path) for work in kept.works if work.backfills is not None]
    if known:
        first = kept.works[0]
        names = frozenset(first.counters)
        sink.backfills.add(known, names, kept.recounted, documents, rereads_labels=first.rereads_labels, ends=kept.ends)
    elif kept.works:
        if kept.begins:
            for work, content in zip(kept.works, kept.contents, strict=True):
                sink.files.begin(work.file, content, work.reader, work.replaces)
        sink.files.add(kept.measured, documents, kept.bad, ends=kept.ends)
    if refused is not None:
        raise InputError(refused[1])


def _refused(group: _Measured, *, skip_bad: bool) -> tuple[int, str] | None:
    """Place of the first file that can't be taken, and why; None if all can."""
    found = [fault for fault in (_bad_file(group, skip_bad=skip_bad), _strange_origin(group)) if fault]
    return min(found, key=itemgetter(0), default=None)


def _bad_file(group: _Measured, *, skip_bad: bool) -> tuple[int, str] | None:
    for place, record in group.bad:
        work = group.works[place]
        # A bad record of a file that is recounted is a row since it was first counted, unless its rest is new.
        refused = not skip_bad if work.backfills is None else record.ordinal is None and not work.known_bad
        if refused:
            return place, _refusal(work.file.path, record)
    return None


def _strange_origin(group: _Measured) -> tuple[int, str] | None:
    """What is no origin: tokens of different origin are kept apart by it."""
    batch = group.measured or group.recounted
    if batch is None or ORIGIN not in batch.labels:
        return None
    origins = batch.labels[ORIGIN]
    strange = set(origins.drop_null().unique().to_pylist()) - ORIGINS
    if not strange:
        return None
    row, value = min((origins.index(value).as_py(), value) for value in strange)
    place = int(np.searchsorted(np.cumsum(group.documents), row, side="right"))
    known = ", ".join(sorted(ORIGINS))
    told = f"{value!r} is no value for the label {ORIGIN!r} (known: {known})"
    return place, f"{group.works[place].file.path}: {told}; mend it, or name another field: --label {ORIGIN}=FIELD"


def _tell(listener: ProgressListener, group: _Measured) -> None:
    """What was counted, and which files were read to their end."""
    if group.ends:
        listener.finish_file(sum(work.file.size for work in group.works))
    batch = group.measured or group.recounted
    if batch is not None:
        tokens = sum(int(counts.sum()) for counts in batch.tokens.values())
        listener.advance(group.position, int(batch.bytes.sum()), len(batch.ordinal), tokens)


def _refusal(path: str, bad: BadRecord) -> str:
    """One line for a bad record: file, place, reason, way out."""
    line = "" if bad.line is None else f":{bad.line}"
    why = bad.why.removeprefix(f"line {bad.line}: ")
    byte = "" if bad.offset is None else f", byte {bad.offset}"
    place = "" if bad.ordinal is None else f" (record {bad.ordinal}{byte})"
    return f"{path}{line}: {why}{place}; mend it, or --on-bad-record skip counts the rest and notes it"
