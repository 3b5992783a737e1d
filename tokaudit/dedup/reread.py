"""Re-reading texts of a catalog from the files they were counted in, in file order."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, files_at
from tokaudit.catalog.statements import fetch_with_incoming
from tokaudit.core.arrow import to_arrow
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.text_keys import positions
from tokaudit.core.types import Int64, UInt64
from tokaudit.ingesters.cleaning import Step, clean
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.readers.detect import is_gone
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.reread import part_starts, read_ordinals

T = TypeVar("T")

_TOGETHER_BYTES: Final = 4_000_000
"""Small files are read together until they have this many bytes; large files are split into parts of this size."""
_ALONE_BYTES: Final = 32_000_000
"""Limit of wanted text in memory, over all workers. A part of a file with more than a worker's share of it is read in
pieces."""
_BATCH_BYTES: Final = 8_000_000
_DENSE: Final = 0.5
"""If more than this share of a file is wanted, it is read from its beginning, not record by record."""

_PLACES: Final = """
select i.text, d.file, d.ordinal, coalesce(d."offset", -1) as "offset", d.bytes
from store.documents d join store.whole f using (file) join incoming i using (key_hi, key_lo)
"""


@dataclass(frozen=True, slots=True)
class _File:
    """A file with wanted texts.

    Attributes:
        counted: how it was counted.
        file: where it is, unchanged or not.
    """

    counted: CountedFile
    file: InputFile


@dataclass(frozen=True, slots=True)
class _Places:
    """Where texts are, one entry per document: one document of each text, then the second ones, … each in file order.

    Attributes:
        text: index of the text.
        copy: index of the document among those with that text, from 0.
        file: index of the file.
        ordinal: place of the document in the file.
        offset: first byte of the document in the file; -1 if unknown.
        bytes: bytes of its text.
    """

    text: Int64
    copy: Int64
    file: Int64
    ordinal: Int64
    offset: Int64
    bytes: Int64

    def take(self, chosen: Int64) -> "_Places":
        """The chosen entries, in the given order."""
        columns = (self.text, self.copy, self.file, self.ordinal, self.offset, self.bytes)
        return _Places(*(column[chosen] for column in columns))


def read_again(
    catalog: Path,
    texts: UInt64,
    work: Callable[[UInt64, pa.LargeStringArray], T],
    workers: int,
    at_hand: Mapping[str, InputFile] | None = None,
) -> Iterator[tuple[Int64, T]]:
    """Re-read texts in batches. A batch is the indexes of its texts in `texts`, and what `work` returned for it.

    A text is missing if all of its files are gone or have changed. If a file has changed, a text may come twice. Texts
    are cleaned as they were when they were counted.

    Args:
        catalog: the DuckDB file.
        texts: keys, (n, 2), distinct and in order.
        work: called with keys and texts, in the workers' threads.
        workers: how many read and work at once; memory does not grow with them.
        at_hand: files, by path, whose bytes can't be found at their path, and are kept for as long as this run takes.
    """
    places, files = _places(catalog, texts, at_hand or {})
    missing = np.ones(len(texts), bool)
    copies = int(places.copy[-1]) + 1 if len(places.copy) else 0
    for begin, end in pairwise(np.searchsorted(places.copy, np.arange(copies + 1)).tolist()):
        wanted = np.arange(begin, end)
        parts = _texts(places.take(wanted[missing[places.text[wanted]]]), files, _ALONE_BYTES // workers)
        with ordered_map(lambda task: _worked(texts, work, *task), parts, workers, workers) as done:
            for index, result in done:
                missing[index] = False
                yield index, result


def _worked(
    texts: UInt64,
    work: Callable[[UInt64, pa.LargeStringArray], T],
    parts: Sequence[Iterable[pa.LargeStringArray]],
    steps: Sequence[Step],
) -> tuple[Int64, T]:
    """The indexes of the wanted texts among those of the parts, and what `work` returns for them."""
    read = [text for part in parts for text in part]
    text = clean(read[0] if len(read) == 1 else pa.concat_arrays([pa.array([], pa.large_string()), *read]), steps)
    index, first = np.unique(positions(texts, text_keys(text)), return_index=True)
    wanted = index >= 0
    chosen = first[wanted]
    if len(chosen) < len(text) or (np.diff(chosen) < 0).any():
        text = text.take(to_arrow(chosen))
    return index[wanted], work(texts[index[wanted]], text)


def _places(catalog: Path, texts: UInt64, at_hand: Mapping[str, InputFile]) -> tuple[_Places, list[_File]]:
    """Every document with one of the texts whose file may still be there, and these files."""
    incoming = {"key_hi": texts[:, 0], "key_lo": texts[:, 1], "text": np.arange(len(texts))}
    with open_readonly(catalog) as connection:
        found = fetch_with_incoming(connection, _PLACES, incoming)
        counted = files_at(connection, np.unique(found["file"]).astype(np.int64, copy=False))
    files, numbers = [], []
    for each in sorted(counted, key=attrgetter("domain", "clean", "path")):
        if each.path in at_hand or not is_gone(each.path):
            file = at_hand.get(each.path) or InputFile(each.path, each.below, each.size, each.modified)
            files.append(_File(each, file))
            numbers.append(each.number)
    order = np.argsort(np.array(numbers, np.int64))
    ordered = np.array(numbers, np.int64)[order]
    at = np.searchsorted(ordered, found["file"])
    there = np.flatnonzero(ordered.take(at, mode="clip") == found["file"]) if numbers else np.empty(0, np.int64)
    place = order[at[there]]
    text, ordinal = found["text"][there], found["ordinal"][there]
    by_text = np.lexsort((ordinal, place, text))
    begins = np.searchsorted(text[by_text], text[by_text])
    copy = np.empty(len(text), np.int64)
    copy[by_text] = np.arange(len(text)) - begins
    places = _Places(text, copy, place, ordinal, found["offset"][there], found["bytes"][there])
    return places.take(np.lexsort((ordinal, place, copy))), files


def _texts(
    places: _Places, files: Sequence[_File], alone_bytes: int
) -> Iterator[tuple[Sequence[Iterable[pa.LargeStringArray]], Sequence[Step]]]:
    """Parts of files with the texts at the given places, and their cleaning steps. Small parts come together.

    Iterating over a part reads it. A part with more than `alone_bytes` of wanted text comes in pieces that are already
    read.
    """
    waiting: list[Iterable[pa.LargeStringArray]] = []
    held = 0.0
    steps: Sequence[Step] = ()
    edges = np.searchsorted(places.file, np.arange(len(files) + 1)).tolist()
    for file, begin, end in zip(files, edges, edges[1:], strict=False):
        if begin == end:
            continue
        if waiting and steps != file.counted.steps:
            yield waiting, steps
            waiting, held = [], 0.0
        steps = file.counted.steps
        for part, size in _parts(file, places.take(np.arange(begin, end)), alone_bytes):
            waiting.append(part)
            held += size
            if held > _TOGETHER_BYTES:
                yield waiting, steps
                waiting, held = [], 0.0
    if waiting:
        yield waiting, steps


def _parts(file: _File, wanted: _Places, alone_bytes: int) -> Iterator[tuple[Iterable[pa.LargeStringArray], float]]:
    """The wanted texts of a file in parts, and about how many bytes of the file each part takes."""
    starts = part_starts(READERS.get(file.counted.reader), file.file)
    starts = starts[:: math.ceil(_TOGETHER_BYTES * len(starts) / max(1, file.file.size))]
    edges = np.unique(np.searchsorted(wanted.ordinal, [*starts.tolist(), np.iinfo(np.int64).max])).tolist()
    for begin, end in pairwise(edges):
        part = wanted.take(np.arange(begin, end))
        if part.bytes.sum() <= alone_bytes:
            yield _read(file, part), file.file.size / len(starts)
        else:
            for text in _read(file, part):
                yield [text], text.nbytes


def _read(file: _File, wanted: _Places) -> Iterator[pa.LargeStringArray]:
    """The wanted texts as they are in the file, not cleaned."""
    dense = wanted.bytes.sum() > _DENSE * file.file.size
    offsets = None if dense or (wanted.offset < 0).any() else wanted.offset
    reader, options = READERS.get(file.counted.reader), file.counted.options(_BATCH_BYTES)
    for batch in read_ordinals(reader, file.file, options, wanted.ordinal, offsets):
        yield batch.text
