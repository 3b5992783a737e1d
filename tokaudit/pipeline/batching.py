"""Files grouped into batches of text that are measured at once: many small files, or a stretch of a huge one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from tokaudit.core.batches import BadRecord, Documents, Found, IdBatch, Omitted, PageBatch, TextBatch, TextOrigin
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.units import format_bytes
from tokaudit.ingesters.base import Ingester
from tokaudit.pipeline.changes import FileTask, content_hash
from tokaudit.pipeline.default_labels import DefaultLabels
from tokaudit.pipeline.fetching import fetched_ahead
from tokaudit.pipeline.label_limit import within_limit
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import FilePart, PartEnd
from tokaudit.readers.reader import Reader

_MOST_ENTRIES: Final = 9_000
_MOST_DOCUMENTS: Final = 65_536

Working = Callable[[str, str], AbstractContextManager[None]]
"""See `ProgressListener.working`."""


@dataclass(slots=True)
class WorkBatch:
    """Whole files that are all treated alike, or a stretch of one file.

    Attributes:
        tasks: the files.
        contents: hash of the stored bytes of each; None if a worker is to hash it, empty if an earlier stretch did.
        checked: whether check sums cover each; None if a worker is to look.
        labels: the ingester's own labels for the documents of each file.
        documents: number of documents of each file.
        origins: where the texts of each file come from, as far as they have come.
        bad: pairs of a file's place in `tasks` and one of its bad records.
        omitted: pairs of a file's place in `tasks` and parts of it that are left out.
        batches: the documents, in order: texts, pages or token ids.
        begins, ends: whether the file begins, and ends, in this stretch; both true for whole files.
        held: bytes of text or token ids, and of kept fields.
        rows: number of documents.
        part_end: the end of a part of a file, if it is here.
    """

    tasks: list[FileTask] = field(default_factory=list)
    contents: list[str | None] = field(default_factory=list)
    checked: list[bool | None] = field(default_factory=list)
    labels: list[Mapping[str, str]] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    origins: list[TextOrigin] = field(default_factory=list)
    bad: list[tuple[int, BadRecord]] = field(default_factory=list)
    omitted: list[tuple[int, Omitted]] = field(default_factory=list)
    batches: list[Documents | PageBatch] = field(default_factory=list)
    begins: bool = True
    ends: bool = True
    held: int = 0
    rows: int = 0
    part_end: PartEnd | None = None
    _opened: int = 0  # number of the batches that belong to whole files

    def open(
        self, task: FileTask, content: str | None, labels: Mapping[str, str], *, checked: bool | None = None
    ) -> None:
        """Begin a file: what is added from now on belongs to it."""
        self.tasks.append(task)
        self.contents.append(content)
        self.checked.append(checked)
        self.labels.append(labels)
        self.documents.append(0)
        self.origins.append(TextOrigin())
        self._opened = len(self.batches)

    def add(self, found: Found) -> None:
        """Add documents, a bad record, or parts that are left out."""
        if isinstance(found, BadRecord):
            self.bad.append((len(self.tasks) - 1, found))
        elif isinstance(found, Omitted):
            self.omitted.append((len(self.tasks) - 1, found))
        else:
            self.batches.append(found)
            self.documents[-1] += len(found.ordinal)
            self.origins[-1] = self.origins[-1].after(found)
            self.rows += len(found.ordinal)
            self.held += _size(found) + sum(values.nbytes for values in found.labels.values())

    def full(self, most_bytes: int) -> bool:
        """Whether there is enough to measure."""
        entries = len(self.tasks) + len(self.batches) + len(self.bad) + len(self.omitted)
        return self.held >= most_bytes or self.rows >= _MOST_DOCUMENTS or entries >= _MOST_ENTRIES

    def has_no_room(self, found: Found, most_bytes: int) -> bool:
        """Whether this is to be measured apart: with others, a long text would be copied."""
        is_large = isinstance(found, TextBatch | PageBatch) and _size(found) >= most_bytes
        return bool(self.batches) and is_large

    def split_last(self) -> "Iterator[WorkBatch]":
        """The whole files, if any, and the stretch of the last file, which goes on."""
        last = len(self.tasks) - 1
        if last:
            yield WorkBatch(
                self.tasks[:-1],
                self.contents[:-1],
                self.checked[:-1],
                self.labels[:-1],
                self.documents[:-1],
                self.origins[:-1],
                [(place, record) for place, record in self.bad if place < last],
                [(place, parts) for place, parts in self.omitted if place < last],
                self.batches[: self._opened],
            )
        yield WorkBatch(
            self.tasks[-1:],
            self.contents[-1:],
            self.checked[-1:],
            self.labels[-1:],
            self.documents[-1:],
            self.origins[-1:],
            [(0, record) for place, record in self.bad if place == last],
            [(0, parts) for place, parts in self.omitted if place == last],
            self.batches[self._opened :],
            self.begins,
            ends=False,
        )

    def place(self) -> tuple[str, str]:
        """The file that these texts are in, and which of its texts they are: shown where measuring takes long."""
        with_text = [number for number, documents in enumerate(self.documents) if documents] or [0]
        path = self.tasks[with_text[0]].file.path
        if len(self.tasks) > 1:
            return path, f" and {len(self.tasks) - 1:,} more files, {format_bytes(self.held)}"
        for batch in self.batches:
            if len(batch.ordinal):
                return path, f" from record {batch.ordinal[0]:,}, {format_bytes(self.held)}"
        return path, ""


def _size(found: Documents | PageBatch) -> int:
    if isinstance(found, IdBatch):
        return found.ids.nbytes  # of Arrow it would take 2 µs
    stored = found.text if isinstance(found, TextBatch) else found.pages
    return int(stored.get_total_buffer_size())


def work_batches(
    tasks: Iterable[FileTask], options: ReadOptions, ingester: Ingester, working: Working
) -> Iterator[WorkBatch]:
    """Read the files in order: about `ReadOptions.batch_bytes` of text at once, or a little more.

    Args:
        tasks: the files.
        options: how they are read, but for the text fields and the limits, which each task has.
        ingester: gives the labels of files of one document, and the fields that have those of other files.
        working: gives a context in which one file is read, from its path and a detail.
    """
    most = options.batch_bytes
    defaults = DefaultLabels(ingester.label_fields, options.labels)
    labels_read = {False: options.labels, True: defaults.fields}
    has_fields = False
    group = WorkBatch()
    for task, file in fetched_ahead(tasks):
        if group.tasks and (not group.begins or group.full(most) or treatment(task) != treatment(group.tasks[-1])):
            yield group
            group = WorkBatch()
        task, group = _begun(task, group)  # noqa: PLW2901 - a later part is not hashed
        reader = READERS.get(task.reader)
        hashed = task.content is None and file.data is not None
        labels = ingester.labels(file) if reader.documents_per_file == 1 else {}
        # A worker would have to open a file that is elsewhere once more.
        checked = reader.is_checked(file) if file.data is not None or file.remote is not None else None
        group.open(task, content_hash(file) if hashed else task.content, labels, checked=checked)
        same = task.text_fields is options.text_fields and task.limits is options.limits
        if not same or _has_fields(reader) != has_fields:
            has_fields = _has_fields(reader)
            labels_of = labels_read[has_fields]
            options = replace(options, text_fields=task.text_fields, limits=task.limits, labels=labels_of)
        reading = _Reading(reader, file, options, task.part)
        found = map(defaults.settled, reading.found()) if has_fields else reading.found()
        found = within_limit(found, task.limits.label)
        for each in found if file.data is not None else _named(found, file.path, working):
            if group.full(most) or group.has_no_room(each, most):
                yield from group.split_last()
                group = WorkBatch(begins=False)
                group.open(task, "", labels)
            group.add(each)
        group.part_end = reading.end
    if group.tasks:
        yield group


def _begun(task: FileTask, group: WorkBatch) -> tuple[FileTask, WorkBatch]:
    """The task and the batch that it begins with: a later part goes on with its file, whose bytes the first hashes."""
    if task.part is None or task.part.first:
        return task, group
    return replace(task, content=""), WorkBatch(begins=False)


class _Reading:
    """What a reader finds in a file or in a part of it.

    Attributes:
        end: the end of the part; None until it is reached, and if there is no part.
    """

    def __init__(self, reader: Reader, file: InputFile, options: ReadOptions, part: FilePart | None) -> None:
        self._read = (
            partial(reader.read, file, options) if part is None else partial(reader.read_part, file, options, part)
        )
        self.end: PartEnd | None = None

    def found(self) -> Iterator[Found]:
        """Yield what is found."""
        for each in self._read():
            if isinstance(each, PartEnd):
                self.end = each
            else:
                yield each
            del each  # a long text is freed before the next is read


def _has_fields(reader: Reader) -> bool:
    """Whether a file may contain records with fields, of its own or in its members."""
    return reader.is_table or reader.is_archive


def _named(found: Iterator[Found], path: str, working: Working) -> Iterator[Found]:
    """What a reader finds in a file, which is named for as long as the reader takes: it may be far away."""
    while True:
        with working(path, ", being read"):
            each = next(found, None)
        if each is None:
            return
        yield each


def treatment(task: FileTask) -> tuple[object, ...]:
    """What must be equal for files to be measured together."""
    return task.backfills is None, task.rereads_labels, task.reader in STORE_READERS, tuple(task.counters)
