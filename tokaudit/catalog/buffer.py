"""Files whose rows wait for a commit, and when there are enough for one. No SQL."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tokaudit.core.arrow import sums
from tokaudit.core.batches import BadRecord, MeasuredBatch, Omitted, TextOrigin, label_bytes
from tokaudit.core.text_keys import unique
from tokaudit.core.types import UInt16, UInt32, UInt64
from tokaudit.readers.files import InputFile

COMMIT_BYTES: Final = 64_000_000
"""Bytes of text between two commits. A commit takes about 20 ms, however little it contains."""
COMMIT_SECONDS: Final = 5.0
PART_DOCUMENTS: Final = 100_000
"""Documents and bad records that may wait for a commit. Each takes 0.6 kB, and three times that during a commit.

A larger file is staged in parts, and becomes visible when all are in the catalog.
"""


@dataclass(slots=True)
class CommitPace:
    """The time at which the last commit started, and whether it is time for the next one."""

    last: float = field(default_factory=time.monotonic)

    def is_due(self, text_bytes: int) -> bool:
        """Whether this much text, or the time since the last commit, is enough for a commit."""
        return text_bytes >= COMMIT_BYTES or time.monotonic() - self.last >= COMMIT_SECONDS

    def start_commit(self) -> None:
        """Note that a commit starts now."""
        self.last = time.monotonic()


@dataclass(slots=True)
class PendingFile:
    """A file with rows that wait for a commit.

    Attributes:
        file: the file.
        content: hash of its stored bytes.
        reader: name of its reader.
        replaces: number of the file's old rows, which go when the new ones are complete; None if there are none.
        checked: whether check sums cover it; None if unknown.
        text_field: field that its texts are from; None if none has come, or the format has no fields.
        extractor: `Extraction.identity` of its pages; None if none has come.
        bad: bad records that wait.
        omitted: parts of the file that are left out, and wait.
        documents: number of documents that wait.
        bytes: UTF-8 bytes of these documents.
        cut: whether the rest of the file could not be read.
        state: ``staged`` until the file is complete, then ``counted``, or ``partial`` if it is cut.
        number: number in the catalog; None until its first part is committed.
    """

    file: InputFile
    content: str
    reader: str
    replaces: int | None = None
    checked: bool | None = None
    text_field: str | None = None
    extractor: str | None = None
    bad: list[BadRecord] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)
    documents: int = 0
    bytes: int = 0
    cut: bool = False
    state: str = "staged"
    number: int | None = None


class CommitBuffer:
    """Files and their documents since the last commit, in order.

    Attributes:
        files: files that wait or are not complete.
        batches: documents of these files, in order.
        documents: number of these documents.
    """

    def __init__(self) -> None:
        self.files: list[PendingFile] = []
        self.batches: list[MeasuredBatch] = []
        self.documents = 0
        self._open: list[PendingFile] = []  # the last of the files: those that are not complete
        self._bytes = self._bad = 0
        self._pace = CommitPace()

    def begin(
        self, file: InputFile, content: str, reader: str, replaces: int | None, *, checked: bool | None = None
    ) -> None:
        """Start a file."""
        pending = PendingFile(file, content, reader, replaces, checked)
        self.files.append(pending)
        self._open.append(pending)

    def add(
        self,
        batch: MeasuredBatch | None,
        documents: Sequence[int],
        bad: Iterable[tuple[int, BadRecord]],
        omitted: Iterable[tuple[int, Omitted]],
        origins: Sequence[TextOrigin],
        *,
        ends: bool,
    ) -> None:
        """Add what was read of the files that are started and not complete.

        Args:
            batch: documents, in the files' order; None if there are none.
            documents: number of documents of each file; if this does not end it, there is only one file.
            bad: bad records, each with the place of its file among these. One without an ordinal means that the rest of
                the file could not be read.
            omitted: parts that are left out, each with the place of its file among these.
            origins: where the texts of each file come from; empty if no file has fields or pages.
            ends: whether the files are complete now.
        """
        size = [0] * len(documents) if batch is None else sums(batch.bytes, documents).tolist()
        if batch is not None:
            self.batches.append(batch)
        for pending, number, of_file in zip(self._open, documents, size, strict=True):
            pending.documents += number
            pending.bytes += of_file
        for place, record in bad:
            self._open[place].bad.append(record)
            self._open[place].cut |= record.ordinal is None
            self._bad += 1
        for place, parts in omitted:
            self._open[place].omitted.append(parts)
        for pending, origin in zip(self._open, origins, strict=False):
            pending.text_field = pending.text_field or origin.field
            pending.extractor = pending.extractor or origin.extractor
        self.documents += sum(documents)
        self._bytes += sum(size)
        if ends:
            for pending in self._open:
                pending.state = "partial" if pending.cut else "counted"
            self._open = []

    def is_due(self, *, ends: bool) -> bool:
        """Whether it is time for a commit: if there is much to commit, or between files (`ends`) after a while."""
        if self.documents + self._bad >= PART_DOCUMENTS or label_bytes(self.batches) >= COMMIT_BYTES:
            return True
        return ends and self._pace.is_due(self._bytes)

    def drop_unfinished(self) -> list[int]:
        """Drop the files that are started and not complete; returns the numbers of those with parts in the catalog."""
        dropped, self._open = self._open, []
        self.files = self.files[: len(self.files) - len(dropped)]
        self._bytes = sum(pending.bytes for pending in self.files)
        self.documents = sum(pending.documents for pending in self.files)
        self._bad = sum(len(pending.bad) for pending in self.files)
        waiting = sum(len(batch.ordinal) for batch in self.batches)
        while waiting > self.documents:
            waiting -= len(self.batches.pop().ordinal)
        return [pending.number for pending in dropped if pending.number is not None]

    def start_commit(self) -> bool:
        """Note that a commit starts now; returns whether there is anything to commit."""
        self._pace.start_commit()
        return bool(self.files)

    def committed(self) -> None:
        """Drop what is in the catalog now; files that are not complete go on."""
        for pending in self.files:
            pending.bad, pending.omitted, pending.documents, pending.bytes = [], [], 0, 0
        self.batches = []
        self._bytes = self.documents = self._bad = 0
        self.files = [pending for pending in self.files if pending.state == "staged"]

    def texts_with_words(self) -> tuple[UInt64, UInt16, UInt32]:
        """Distinct texts with words, in order of their keys: keys (n, 2), signatures (n, 128) and band keys (n, 16)."""
        worded = np.flatnonzero(np.concatenate([batch.words for batch in self.batches] or [np.empty(0, np.int64)]))
        if not len(worded):
            return np.empty((0, 2), np.uint64), np.empty((0, 0), np.uint16), np.empty((0, 0), np.uint32)
        keys, first = unique(np.concatenate([batch.keys for batch in self.batches])[worded])
        chosen = worded[first]
        signatures = np.concatenate([batch.signatures for batch in self.batches]).take(chosen, axis=0)
        return keys, signatures, np.concatenate([batch.bands for batch in self.batches]).take(chosen, axis=0)
