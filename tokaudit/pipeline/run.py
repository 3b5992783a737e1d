"""Files to the catalog: read in order, measured side by side in threads, written in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tokaudit.catalog.backfill import BackfillWriter
from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.batches import ReadOptions
from tokaudit.core.errors import InputError
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.progress import ProgressListener
from tokaudit.ingesters.cleaning import Step
from tokaudit.measure.measure import Meet
from tokaudit.pipeline.batching import WorkBatch, work_batches
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.measuring import MeasuredWork, measure_work
from tokaudit.pipeline.refusals import refusal
from tokaudit.pipeline.request import IngestRequest

_WAITING: Final = 4
"""Batches a worker may be ahead of the writing, so that a commit stops nobody; they are integers by then."""
_MOST_BATCH_BYTES: Final = 8_000_000
_LEAST_BATCH_BYTES: Final = 64_000
_BYTES_A_BYTE: Final = 6
"""What a worker holds for each byte of text: bytes as read, text in Arrow, token ids."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where what was measured goes, and who is told.

    Attributes:
        files: takes whole files.
        backfill: takes further token counts of files that are in.
        listener: is told how far it has come.
        skip_bad: whether a bad record becomes a row; else the first one ends the ingest.
    """

    files: CatalogWriter
    backfill: BackfillWriter
    listener: ProgressListener
    skip_bad: bool

    def take_all(self, measured: Iterable[MeasuredWork]) -> None:
        """Write what was measured; after a fault or a break nothing of the file that is not all in.

        Raises:
            InputError: a file is refused.
        """
        try:
            for work in measured:
                self.take(work)
        except (InputError, KeyboardInterrupt):
            self.files.refuse_unfinished()
            self.flush()
            raise
        self.flush()

    def take(self, work: MeasuredWork) -> None:
        """Write what was measured, up to the first file that is refused.

        Raises:
            InputError: there is one.
        """
        refused = refusal(work, skip_bad=self.skip_bad)
        kept = work if refused is None else work.files_before(refused[0])
        documents = kept.documents.tolist()
        known = [(task.backfills, task.file.path) for task in kept.tasks if task.backfills is not None]
        if known:
            first = kept.tasks[0]
            names, rereads = frozenset(first.counters), first.rereads_labels
            self.backfill.add(known, names, kept.backfill, documents, rereads_labels=rereads, ends=kept.ends)
        elif kept.tasks:
            if kept.begins:
                for task, content in zip(kept.tasks, kept.contents, strict=True):
                    self.files.begin(task.file, content, task.reader, task.replaces)
            self.files.add(kept.measured, documents, kept.bad, ends=kept.ends)
        if refused is not None:
            raise InputError(refused[1])
        self._report_progress(work)

    def _report_progress(self, work: MeasuredWork) -> None:
        """Say what was counted, and which files were read to their end."""
        if work.ends:
            self.listener.finish_file(sum(task.file.size for task in work.tasks))
        if work.batch is not None:
            tokens = sum(int(counts.sum()) for counts in work.batch.tokens.values())
            self.listener.advance(work.position, int(work.batch.bytes.sum()), len(work.batch.ordinal), tokens)

    def flush(self) -> None:
        """Commit the files that are all in."""
        self.files.flush()
        self.backfill.flush()


def run(
    tasks: Sequence[FileTask], request: IngestRequest, session: IngestSession, meet: Meet, listener: ProgressListener
) -> InputError | None:
    """Read, measure and commit the files. After a fault or a break those that were finished before are in, too.

    Args:
        tasks: the files that are to be read.
        request: how they are read and counted.
        session: takes what was measured.
        meet: is shown texts that are new, in the workers' threads.
        listener: is told how far it has come.

    Returns:
        Why a file was refused, which leaves no trace, and ended the run; None if none was.
    """
    listener.total(sum(task.file.size for task in tasks))
    batches = work_batches(tasks, _read_options(request, session.labels), request.ingester)
    work = partial(_measure, steps=request.steps, meet=meet, listener=listener)
    destination = Destination(session.writer(), session.backfill_writer(), listener, request.skip_bad)
    try:
        with ordered_map(work, batches, request.workers, _WAITING * request.workers) as measured:
            destination.take_all(measured)
    except InputError as error:
        return error
    return None


def _read_options(request: IngestRequest, labels: Mapping[str, str]) -> ReadOptions:
    """How readers find the text, and how much of it is measured at once."""
    share = request.memory // (_BYTES_A_BYTE * request.workers)
    batch_bytes = max(_LEAST_BATCH_BYTES, min(_MOST_BATCH_BYTES, share))
    return ReadOptions(request.settings.text_field, labels, batch_bytes)


def _measure(work: WorkBatch, steps: Sequence[Step], meet: Meet, listener: ProgressListener) -> MeasuredWork:
    with listener.working(work.place()):
        return measure_work(work, steps, meet)
