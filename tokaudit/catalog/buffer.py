"""Files whose rows wait for a commit: what is known of them, and when it is enough. No SQL."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tokaudit.core.arrow import sums
from tokaudit.core.batches import BadRecord, MeasuredBatch, label_bytes
from tokaudit.core.text_keys import unique
from tokaudit.core.types import UInt16, UInt32, UInt64
from tokaudit.readers.files import InputFile

COMMIT_BYTES: Final = 64_000_000
"""Text between two commits: a commit costs some 20 ms, however little it holds."""
COMMIT_SECONDS: Final = 5.0
PART_DOCUMENTS: Final = 100_000
"""Documents and bad records that may wait for a commit, a file unfinished or not: each is 0.6 kB, three times that in
a commit.

A file of more is staged in parts, and shows when all are in.
"""


@dataclass(slots=True)
class CommitPace:
    """When the last commit began, and whether it is time for the next one."""

    last: float = field(default_factory=time.monotonic)

    def is_due(self, text_bytes: int) -> bool:
        """Whether so much text, or so much time since the last commit, is enough for one."""
        return text_bytes >= COMMIT_BYTES or time.monotonic() - self.last >= COMMIT_SECONDS

    def start_commit(self) -> None:
        """A commit begins now."""
        self.last = time.monotonic()


@dataclass(slots=True)
class PendingFile:
    """A file of which rows wait for a commit.

    Attributes:
        file, content, reader: the file, the hash of what is stored in it, and what reads it.
        replaces: number of its old rows, dropped when the new ones are all in.
        bad, documents, bytes: what waits.
        cut: whether its rest could not be read.
        state: ``staged`` until it is all in, then ``counted``, or ``partial`` if it is cut.
        number: in the catalog; None until the first of it is committed.
    """

    file: InputFile
    content: str
    reader: str
    replaces: int | None = None
    bad: list[BadRecord] = field(default_factory=list)
    documents: int = 0
    bytes: int = 0
    cut: bool = False
    state: str = "staged"
    number: int | None = None


class CommitBuffer:
    """Files and their documents since the last commit, in order.

    Attributes:
        files: those that wait, or are not all in.
        batches: documents of these files, in order.
        documents: how many.
    """

    def __init__(self) -> None:
        self.files: list[PendingFile] = []
        self.batches: list[MeasuredBatch] = []
        self.documents = 0
        self._open: list[PendingFile] = []  # the last of the files, that are not all in
        self._bytes = self._bad = 0
        self._pace = CommitPace()

    def begin(self, file: InputFile, content: str, reader: str, replaces: int | None) -> None:
        """Begin a file."""
        pending = PendingFile(file, content, reader, replaces)
        self.files.append(pending)
        self._open.append(pending)

    def add(
        self,
        batch: MeasuredBatch | None,
        documents: Sequence[int],
        bad: Iterable[tuple[int, BadRecord]],
        *,
        ends: bool,
    ) -> None:
        """Add to the files that are begun and not all in; then they are, if this `ends` them.

        Args:
            batch: documents, in the files' order; None if there are none.
            documents: how many are of each file; where it does not end, there is only one file.
            bad: places of files among these, and their bad records; one without an ordinal says that the rest of a
                file could not be read.
            ends: whether the files are all in now.
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
        self.documents += sum(documents)
        self._bytes += sum(size)
        if ends:
            for pending in self._open:
                pending.state = "partial" if pending.cut else "counted"
            self._open = []

    def is_due(self, *, ends: bool) -> bool:
        """Whether it is time for a commit: between files (`ends`) for much text or after a while, else for much."""
        if self.documents + self._bad >= PART_DOCUMENTS or label_bytes(self.batches) >= COMMIT_BYTES:
            return True
        return ends and self._pace.is_due(self._bytes)

    def drop_unfinished(self) -> list[int]:
        """Forget the files that are begun and not all in; numbers of those of which parts are in the catalog."""
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
        """Whether there is anything to commit; the time until the next one begins."""
        self._pace.start_commit()
        return bool(self.files)

    def committed(self) -> None:
        """Forget what is in the catalog now; files that are not all in go on."""
        for pending in self.files:
            pending.bad, pending.documents, pending.bytes = [], 0, 0
        self.batches = []
        self._bytes = self.documents = self._bad = 0
        self.files = [pending for pending in self.files if pending.state == "staged"]

    def texts_with_words(self) -> tuple[UInt64, UInt16, UInt32]:
        """Keys (n, 2) of the distinct texts that have words, in order; their signatures (n, 128); band keys (n, 16)."""
        worded = np.flatnonzero(np.concatenate([batch.words for batch in self.batches] or [np.empty(0, np.int64)]))
        if not len(worded):
            return np.empty((0, 2), np.uint64), np.empty((0, 0), np.uint16), np.empty((0, 0), np.uint32)
        keys, first = unique(np.concatenate([batch.keys for batch in self.batches])[worded])
        chosen = worded[first]
        signatures = np.concatenate([batch.signatures for batch in self.batches]).take(chosen, axis=0)
        return keys, signatures, np.concatenate([batch.bands for batch in self.batches]).take(chosen, axis=0)
