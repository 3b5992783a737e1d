"""Files to the catalog: read in order, measured side by side in threads, written in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final, Literal

import pyarrow as pa

from tokaudit.columns import texts
from tokaudit.engines.local import ordered_map
from tokaudit.errors import InputError
from tokaudit.ingesters._ingester import Ingester
from tokaudit.measure import Step, measure, recount, set_apart
from tokaudit.quantities import format_bytes
from tokaudit.readers import READERS
from tokaudit.records import BadRecord, MeasuredBatch, Part, ReadOptions, Recounted, TextBatch
from tokaudit.recounts import RecountWriter
from tokaudit.reports.progress import Watcher
from tokaudit.store import Writer
from tokaudit.work import Work, content_hash

_GROUP_EVENTS: Final = 3_000
_GROUP_DOCUMENTS: Final = 65_536
_WAITING: Final = 4
"""Groups a worker may be ahead of the writing, so that a commit stops nobody; they are integers by then."""

ORIGIN: Final = "origin"
ORIGINS: Final = frozenset({"natural", "rephrased", "synthetic"})


@dataclass(frozen=True, slots=True)
class _Mark:
    """The begin or the end of a file in the stream of batches; with its begin goes the hash of what is stored in it."""

    kind: Literal["begin", "end"]
    content: str | None = None


_END: Final = _Mark("end")

_Event = tuple[Work, TextBatch | BadRecord | _Mark]
_Result = Part[MeasuredBatch] | Part[Recounted] | BadRecord | _Mark
_Measured = tuple[Work, _Result]


@dataclass(frozen=True, slots=True)
class Sink:
    """Where what was measured goes, and who is told.

    Attributes:
        files: takes whole files.
        recounts: takes further token counts of files that are in.
        watcher: is told how far it has come.
        skip_bad: whether a bad record becomes a row; else the first one ends the ingest.
    """

    files: Writer
    recounts: RecountWriter
    watcher: Watcher
    skip_bad: bool

    def flush(self) -> None:
        """Commit the files that are all in."""
        self.files.flush()
        self.recounts.flush()


def run(
    work: Iterable[Work], options: ReadOptions, ingester: Ingester, steps: Sequence[Step], workers: int, sink: Sink
) -> None:
    """Read, measure and write the files; commits as it goes, but for the last `Sink.flush`.

    Raises:
        InputError: a bad record that is not to be skipped; its file has left no trace.
    """
    groups = _groups(_events(work, options, ingester), options.batch_bytes)
    measuring = partial(_measure, steps=steps, watcher=sink.watcher)
    with ordered_map(measuring, groups, workers, _WAITING * workers) as measured:
        for group in measured:
            for item, result in group:
                if item.recounts is None:
                    _write(item, result, sink)
                else:
                    _write_recount(item, item.recounts, result, sink)
            _tell(sink.watcher, group)


def _events(work: Iterable[Work], options: ReadOptions, ingester: Ingester) -> Iterator[_Event]:
    """What is in the files, in order, each between its two marks; documents with the ingester's own labels."""
    for item in work:
        file = item.file.held()
        hashed = item.content is None and file.data is not None
        yield item, _Mark("begin", content_hash(file) if hashed else item.content)
        labels = ingester.labels(file) if item.reader == "text" else {}
        for found in READERS.get(item.reader).read(file, options):
            if isinstance(found, TextBatch) and labels:
                constant = {name: _constant(value, len(found.text)) for name, value in labels.items()}
                kept = constant | dict(found.labels)
                yield item, TextBatch(found.text, found.ordinal, found.offset, kept, found.position)
            else:
                yield item, found
        yield item, _END


@lru_cache(1_000)
def _constant(value: str, length: int) -> pa.StringArray:
    return texts([value] * length).cast(pa.string())


def _groups(events: Iterable[_Event], most_bytes: int) -> Iterator[list[_Event]]:
    """The events in order, side by side as long as they are read alike and small together."""
    group: list[_Event] = []
    held = documents = 0
    for work, item in events:
        full = held >= most_bytes or documents >= _GROUP_DOCUMENTS or len(group) >= _GROUP_EVENTS
        if group and (full or (work is not group[-1][0] and _way(work) != _way(group[-1][0]))):
            yield group
            group, held, documents = [], 0, 0
        group.append((work, item))
        if isinstance(item, TextBatch):
            held += item.text.get_total_buffer_size()  # nbytes takes 2 µs
            documents += len(item.ordinal)
    if group:
        yield group


def _way(work: Work) -> tuple[bool, frozenset[str]]:
    return work.recounts is None, frozenset(work.counters)


def _measure(events: Sequence[_Event], steps: Sequence[Step], watcher: Watcher) -> list[_Measured]:
    """The events with their texts measured; behind each batch the documents of it that could not be counted."""
    work = events[0][0]
    batches = [item for _, item in events if isinstance(item, TextBatch)]
    results: Iterator[Sequence[_Result]]
    with watcher.working(_place(events)):
        if not batches:
            results = iter(())
        elif work.recounts is None:
            results = iter(set_apart(measure(batches, work.counters, steps)))
        else:
            results = ([part] for part in recount(batches, work.counters, steps))
    return [(work, result) for work, item in events for result in _result(work, item, results)]


def _result(
    work: Work, item: TextBatch | BadRecord | _Mark, measured: Iterator[Sequence[_Result]]
) -> Sequence[_Result]:
    match item:
        case TextBatch():
            return next(measured)
        case _Mark("begin", None):  # the others go on reading meanwhile
            return [_Mark("begin", content_hash(work.file))]
        case _:
            return [item]


def _place(events: Sequence[_Event]) -> str:
    """Where these texts are, for somebody who wonders what takes so long."""
    for work, item in events:
        if isinstance(item, TextBatch) and len(item.ordinal):
            return f"{work.file.path} from record {item.ordinal[0]:,}, {format_bytes(item.text.nbytes)}"
    return events[0][0].file.path


def _write(work: Work, result: _Result, sink: Sink) -> None:
    match result:
        case _Mark("begin", content):
            sink.files.start(work.file, content or "", work.reader, work.replaces)
        case _Mark():
            sink.files.finish()
        case BadRecord():
            if not sink.skip_bad:
                sink.files.refuse()
                raise InputError(_refusal(work.file.path, result))
            sink.files.add_bad(result)
        case Part(MeasuredBatch() as batch, rows):
            _check_origin(work.file.path, batch, rows)
            sink.files.add(batch, rows)


def _write_recount(work: Work, file: int, result: _Result, sink: Sink) -> None:
    match result:
        case _Mark("end"):
            sink.recounts.finish(file, work.counters)
        case BadRecord(ordinal=None) if not work.known_bad:
            raise InputError(_refusal(work.file.path, result))
        case Part(Recounted() as batch, rows):
            sink.recounts.add(work.file.path, batch if work.relabels else replace(batch, labels={}), rows)
        case _:  # a bad record that is a row since the file was first counted
            pass


def _check_origin(path: str, batch: MeasuredBatch, rows: slice) -> None:
    """Refuse what is no origin: tokens of different origin are kept apart by it."""
    if ORIGIN in batch.labels:
        strange = sorted(set(batch.labels[ORIGIN][rows].drop_null().unique().to_pylist()) - ORIGINS)
        if strange:
            known = ", ".join(sorted(ORIGINS))
            raise InputError(f"{path}: {strange[0]!r} is no value for the label {ORIGIN!r} (known: {known})")


def _tell(watcher: Watcher, group: Sequence[_Measured]) -> None:
    """What was counted, and which files were read to their end."""
    finished = position = 0
    batch = None
    for work, result in group:
        match result:
            case _Mark("end"):
                finished, position = finished + work.file.size, 0
            case Part():
                batch, position = result.batch, result.position
            case _:
                pass
    watcher.finish_file(finished)
    if batch is not None:
        tokens = sum(int(counts.sum()) for counts in batch.tokens.values())
        watcher.advance(position, int(batch.bytes.sum()), len(batch.ordinal), tokens)


def _refusal(path: str, bad: BadRecord) -> str:
    """One line for a bad record: file, place, reason, way out."""
    line = "" if bad.line is None else f":{bad.line}"
    why = bad.why.removeprefix(f"line {bad.line}: ")
    byte = "" if bad.offset is None else f", byte {bad.offset}"
    place = "" if bad.ordinal is None else f" (record {bad.ordinal}{byte})"
    return f"{path}{line}: {why}{place}; mend it, or --on-bad-record skip counts the rest and notes it"
