"""Files to the catalog: read in order, measured in parallel by threads, written in order."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tokaudit.catalog.backfill import BackfillWriter
from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.arrow import text_column
from tokaudit.core.engine import Engine
from tokaudit.core.errors import InputError
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.progress import ProgressListener
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.measure.measure import Meet
from tokaudit.pipeline.batching import WorkBatch, work_batches
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.effort import grouping_work, work_of, work_per_byte
from tokaudit.pipeline.engines.chosen import folder_of
from tokaudit.pipeline.extracting import with_texts
from tokaudit.pipeline.measuring import MeasuredWork, measure_work
from tokaudit.pipeline.refusals import refusal
from tokaudit.pipeline.request import IngestRequest
from tokaudit.readers.formats import READERS
from tokaudit.readers.pages.workers import prepare

_WAITING: Final = 4
"""Batches per worker that may wait for the writing, so that a commit stops nothing; they are integers by then."""
_SOON_NEEDED: Final = 8_000_000
"""Stored bytes that may be pages, from which on all processes that extract start before the first page is read."""


@dataclass(slots=True)
class Destination:
    """Where measured work goes, and the listener that follows it.

    Attributes:
        files: takes whole files.
        backfill: takes further token counts of files that are in the catalog.
        listener: hears how far the work has come.
        skip_bad: whether a bad record becomes a row; else the first one ends the ingest.
        likes: bytes of the shingle sets that were kept so far.
    """

    files: CatalogWriter
    backfill: BackfillWriter
    listener: ProgressListener
    skip_bad: bool
    likes: Callable[[], int]
    _position: int = field(default=0, init=False)  # stored bytes that are done of a file that goes on
    _likes: int = field(default=0, init=False)  # when progress was last reported

    def take_all(self, measured: Iterable[MeasuredWork]) -> None:
        """Write all measured work; after a fault or an interrupt, nothing of a file that is unfinished.

        Raises:
            InputError: a file is refused.
        """
        try:
            for work in measured:
                self.take(work)
        except (InputError, KeyboardInterrupt) as stop:
            if isinstance(stop, KeyboardInterrupt):
                self.listener.note("stopping")
            self.files.refuse_unfinished()
            self.flush()
            raise
        self.flush()

    def take(self, work: MeasuredWork) -> None:
        """Write measured work, up to the first file that is refused.

        Raises:
            InputError: a file is refused.
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
                for task, content, checked in zip(kept.tasks, kept.contents, kept.checked, strict=True):
                    self.files.begin(task.file, content, task.reader, task.replaces, checked=checked)
            self.files.add(kept.measured, documents, kept.bad, kept.omitted, kept.origins, ends=kept.ends)
        if refused is not None:
            raise InputError(refused[1])
        self._report_progress(work)

    def _report_progress(self, work: MeasuredWork) -> None:
        """Report to the listener what was counted, and how much work that was."""
        before = work_per_byte(work.tasks[0]) * self._position
        self._position = 0 if work.ends else max(work.position, self._position)
        if work.ends:
            done = sum(map(work_of, work.tasks)) - before
        else:
            done = work_per_byte(work.tasks[0]) * self._position - before
        documents = text = tokens = 0
        if work.batch is not None:
            documents, text = len(work.batch.ordinal), int(work.batch.bytes.sum())
            tokens = sum(int(counts.sum()) for counts in work.batch.tokens.values())
        likes = self.likes()
        later = grouping_work(work.tasks[0], done, documents, likes - self._likes)
        self._likes = likes
        self.listener.advance(done, later, text, documents, tokens)

    def flush(self) -> None:
        """Commit the files that are complete."""
        self.files.flush()
        self.backfill.flush()


class Worker:
    """Measures batches in the workers' threads, and says when counting begins: when tokenizers are loaded.

    Args:
        tasks: all files that are to be read.
        measure: measures a batch.
        listener: hears what each thread works on.
        workers: how many processes extract at once.
    """

    def __init__(
        self,
        tasks: Sequence[FileTask],
        measure: Callable[[WorkBatch], MeasuredWork],
        listener: ProgressListener,
        workers: int,
    ) -> None:
        self._tasks = tasks
        self._measure = measure
        self._listener = listener
        self._begun = False
        self._beginning = threading.Lock()
        self._extracting = threading.Semaphore(workers)

    def extract(self, work: WorkBatch) -> WorkBatch:
        """Turn the pages of a batch into texts.

        Raises:
            OSError: no process that extracts can be started.
        """
        with self._extracting, self._listener.working(*work.place()):
            return with_texts(work)

    def measure(self, work: WorkBatch) -> MeasuredWork:
        """Measure a batch."""
        if not self._begun:
            self._begin(work)
        with self._listener.working(*work.place()):
            return self._measure(work)

    def _begin(self, work: WorkBatch) -> None:
        """Load the tokenizers of a batch: each thread for itself, as counters have one engine per thread."""
        if work.batches:
            for counter in work.tasks[0].counters.values() if work.tasks[0].reader not in STORE_READERS else ():
                counter.count(text_column([""]))
        with self._beginning:
            if not self._begun:
                self._listener.total(sum(task.file.size for task in self._tasks), sum(map(work_of, self._tasks)))
                self._begun = True  # last, so that no worker reports what `total` would reset


def run(
    tasks: Sequence[FileTask],
    request: IngestRequest,
    session: IngestSession,
    meet: Meet,
    likes: Callable[[], int],
    listener: ProgressListener,
    engine: Engine | None = None,
) -> InputError | None:
    """Read, measure and commit the files. After a fault or an interrupt, the files finished before it are in, too.

    Args:
        tasks: the files that are to be read.
        request: how they are read and counted.
        session: takes what was measured.
        meet: is shown texts that are new, in the workers' threads.
        likes: bytes of the shingle sets that `meet` kept so far.
        listener: hears how far the work has come.
        engine: measures the files, with results in a folder; None: threads of this process.

    Returns:
        Why a file was refused, which leaves no trace and ends the run; None if no file was.
    """
    if tasks:
        listener.note("reading the first files")
    destination = Destination(session.writer(), session.backfill_writer(), listener, request.skip_bad, likes)
    try:
        with _measured(tasks, request, session, meet, listener, engine) as measured:
            destination.take_all(measured)
    except InputError as error:
        return error
    return None


@contextmanager
def _measured(
    tasks: Sequence[FileTask],
    request: IngestRequest,
    session: IngestSession,
    meet: Meet,
    listener: ProgressListener,
    engine: Engine | None,
) -> Iterator[Iterable[MeasuredWork]]:
    """A context with the measured files, in order."""
    how = request.how_measured(session.labels)
    if tasks and engine is not None:
        from tokaudit.pipeline.shards.measured import measured_by_shard  # noqa: PLC0415 - most ingests need none

        folder = folder_of(request.engine, session.catalog)
        listener.total(sum(task.file.size for task in tasks), sum(map(work_of, tasks)))
        with measured_by_shard(tasks, request, how, engine, folder, listener) as measured:
            yield measured
        return
    page_sizes = [task.file.size for task in tasks if READERS.get(task.reader).has_pages]
    has_pages = bool(page_sizes)
    if sum(page_sizes) >= _SOON_NEEDED:
        prepare(request.workers)
    in_hand = 3 * request.workers + 1 if has_pages else request.workers  # some are extracted, and some wait, too
    batches = work_batches(tasks, how.read_options(in_hand, has_pages=has_pages), how.ingester, listener.working)
    detect = how.loaded_detector() if tasks else None
    measure = partial(measure_work, steps=how.steps, meet=meet, detect=detect, repeats=how.repeats)
    worker = Worker(tasks, measure, listener, request.workers)
    with (
        _extracted(worker, batches, request.workers) if has_pages else nullcontext(batches) as texts,
        ordered_map(worker.measure, texts, request.workers, _WAITING * request.workers) as here,
    ):
        yield here


def _extracted(
    worker: Worker, batches: Iterable[WorkBatch], workers: int
) -> AbstractContextManager[Iterable[WorkBatch]]:
    """A context with the batches whose pages have become texts: other processes extract while this one measures.

    One thread more than extract at once reads the next pages meanwhile.
    """
    return ordered_map(worker.extract, batches, workers + 1, workers)
