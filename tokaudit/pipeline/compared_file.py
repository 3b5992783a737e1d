"""One file of the catalog compared with what it contains now: bytes, records and texts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from tokaudit.catalog.counted_files import CountedFile
from tokaudit.core.arrow import document_bytes
from tokaudit.core.batches import BadRecord, Documents, Omitted, TextBatch
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.rows import Row
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64, UInt64
from tokaudit.core.units import format_number_of
from tokaudit.ingesters.cleaning import clean
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.token_ids import id_keys
from tokaudit.pipeline.changes import content_hash
from tokaudit.pipeline.known_documents import KnownDocuments
from tokaudit.readers.files import InputFile, has_no_file, is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.pages.extracted import extracted

Kind = Literal["gone", "changed", "unreadable", "missing", "added", "different"]
MOST_PER_FILE: Final = 1_000
"""Records of one file that are listed; the others are counted."""
_BATCH_BYTES: Final = 8_000_000

Advance = Callable[[float, int, int], None]
"""Called with stored bytes that were read, bytes of text and documents."""


@dataclass(slots=True)
class ComparedFile:
    """What was found in a file.

    Attributes:
        file: the file.
        differences: rows of ``source``, ``path``, ``ordinal``, ``kind`` and ``why``.
        unverified: why nothing can be said about the file; None if it was compared.
        documents: number of documents that were compared.
    """

    file: CountedFile
    differences: list[Row] = field(default_factory=list)
    unverified: str | None = None
    documents: int = 0
    _records: int = 0

    def differs(self, kind: Kind, why: str) -> None:
        """Add a difference of the file itself."""
        self._add(None, kind, why)

    def records_differ(self, ordinals: Int64, kind: Kind, why: str) -> None:
        """Add a difference of each of these records."""
        room = max(0, MOST_PER_FILE - self._records)
        for ordinal in ordinals[:room].tolist():
            self._add(ordinal, kind, why)
        self._records += len(ordinals)

    def end(self) -> None:
        """Say how many records that differ are not listed."""
        if self._records > MOST_PER_FILE:
            self._add(None, "different", f"{self._records - MOST_PER_FILE:,} more records differ")

    def _add(self, ordinal: int | None, kind: Kind, why: str) -> None:
        place = {"source": self.file.source, "path": self.file.path, "ordinal": ordinal}
        self.differences.append({**place, "kind": kind, "why": why})


def compare_file(
    file: CountedFile, known: KnownDocuments, token_ids: TokenIds | UsageError | None, advance: Advance
) -> ComparedFile:
    """Read a file again and compare it with the catalog. Nothing is written, and texts are not tokenized.

    Args:
        file: the file.
        known: what the catalog has of it.
        token_ids: the vocabulary of a store of token ids, or why it can't be found; None for a file with text.
        advance: hears how far the reading has come.
    """
    found = ComparedFile(file)
    try:
        now = file.find()
    except InputError as error:
        if is_remote(file.path) or has_no_file(file.path):
            found.unverified = str(error)
        else:
            found.differs("unreadable", str(error).removeprefix(f"{file.path}: "))
        return found
    if now is None:
        found.differs("gone", "the file is not there any more")
        return found
    now = now.held()
    content = content_hash(now)
    if file.content and content != file.content:
        sizes = "" if now.size == file.size else f": {file.size:,} bytes then, {now.size:,} now"
        found.differs("changed", f"the file is not the one that was counted{sizes}")
    if file.counted_otherwise:
        found.unverified = file.counted_otherwise
        return found
    if isinstance(token_ids, UsageError):
        found.unverified = str(token_ids)
        return found
    _compare_records(now, known, found, token_ids, advance)
    found.end()
    return found


def _compare_records(
    now: InputFile, known: KnownDocuments, found: ComparedFile, token_ids: TokenIds | None, advance: Advance
) -> None:
    file, position = found.file, 0
    new_bad: set[int] = set()
    ended = False
    reading = READERS.get(file.reader).read(now, file.options(_BATCH_BYTES, token_ids))
    for each in extracted(reading):
        if isinstance(each, BadRecord):
            ended = each.ordinal is None and -1 not in known.bad
            if ended and is_remote(file.path) and each.code == "unreadable":
                found.unverified = each.why
                found.differences.clear()
                return
            if ended:
                found.differs(
                    "unreadable", f"{each.why} ({format_number_of(known.left(), 'document')} not found again)"
                )
            elif each.ordinal is not None and each.ordinal not in known.bad:
                new_bad.add(each.ordinal)
                found.records_differ(np.array([each.ordinal]), "unreadable", f"is a bad record now: {each.why}")
        elif not isinstance(each, Omitted) and len(each.ordinal):
            _compare_batch(each, known, found, new_bad)
            advance(max(0, each.position - position), int(document_bytes(each).sum()), len(each.ordinal))
            position = max(position, each.position)
    advance(max(0, file.size - position), 0, 0)
    while not ended and len(ordinals := known.take(None)[0]):
        _add_missing(found, ordinals, new_bad)


def _keys(batch: Documents, found: ComparedFile) -> UInt64:
    return text_keys(clean(batch.text, found.file.steps)) if isinstance(batch, TextBatch) else id_keys(batch)


def _compare_batch(batch: Documents, known: KnownDocuments, found: ComparedFile, new_bad: set[int]) -> None:
    keys = _keys(batch, found)
    other = "has another text" if isinstance(batch, TextBatch) else "has other token ids"
    counted, counted_keys = known.take(int(batch.ordinal[-1]))
    found.documents += len(counted)
    if len(counted) == len(batch.ordinal) and (counted == batch.ordinal).all():
        same = (keys == counted_keys).all(axis=1)
        found.records_differ(counted[~same], "different", other)
        return
    both, here, there = np.intersect1d(batch.ordinal, counted, assume_unique=True, return_indices=True)
    same = (keys[here] == counted_keys[there]).all(axis=1)
    found.records_differ(both[~same], "different", other)
    new = np.setdiff1d(batch.ordinal, np.concatenate([counted, known.uncounted]))
    was_bad = np.isin(new, known.bad)
    found.records_differ(new[was_bad], "added", "was a bad record, and can be read now")
    found.records_differ(new[~was_bad], "added", "was not in the file when it was counted")
    _add_missing(found, np.setdiff1d(counted, batch.ordinal), new_bad)


def _add_missing(found: ComparedFile, ordinals: Int64, new_bad: set[int]) -> None:
    missing = ordinals[~np.isin(ordinals, list(new_bad))] if new_bad else ordinals
    found.records_differ(missing, "missing", "was counted, and is not in the file now")
