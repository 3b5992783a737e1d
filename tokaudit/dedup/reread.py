"""Re-reading texts of a catalog from the files they were counted in, in file order."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, files_at
from tokaudit.catalog.statements import fetch_with_incoming
from tokaudit.core.engine import Engine, LocalEngine
from tokaudit.core.text_keys import positions
from tokaudit.core.types import Int64, UInt64
from tokaudit.dedup.array_stage import Arrays
from tokaudit.dedup.reread_stage import Reread, RereadTask, WantedTexts
from tokaudit.readers.detect import is_gone
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.reread import part_starts

_TOGETHER_BYTES: Final = 4_000_000
"""Small files are read together until they have this many bytes; large files are split into parts of this size."""
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
    stage: Reread,
    workers: int,
    at_hand: Mapping[str, InputFile] | None = None,
    engine: Engine | None = None,
) -> Iterator[tuple[Int64, UInt64, Sequence[npt.NDArray[Any]]]]:
    """Re-read texts in batches: their indexes in `texts`, their keys, and what the stage made of them.

    A text is missing if all of its files are gone or have changed. If a file has changed, a text may come twice, and
    others may come, with the index -1. Texts are cleaned as they were when they were counted.

    Args:
        catalog: the DuckDB file.
        texts: keys, (n, 2), distinct and in order.
        stage: makes something of the texts.
        workers: threads of this process that read at once.
        at_hand: files, by path, whose bytes can't be found at their path, and are kept for as long as this run takes.
        engine: reads all other files; None: the same threads.
    """
    places, files = _places(catalog, texts, at_hand or {})
    here = np.array([file.counted.path in (at_hand or {}) for file in files], bool)
    missing = np.ones(len(texts), bool)
    local = LocalEngine(workers)
    copies = int(places.copy[-1]) + 1 if len(places.copy) else 0
    for begin, end in pairwise(np.searchsorted(places.copy, np.arange(copies + 1)).tolist()):
        wanted = np.arange(begin, end)
        for on_engine, chosen in ((local, here), (engine or local, ~here)):
            some = wanted[missing[places.text[wanted]] & chosen[places.file[wanted]]]
            with on_engine.map(stage, _tasks(catalog, places.take(some), files)) as results:
                for keys, made in _pieces(results, stage.arrays):
                    index = positions(texts, keys)
                    missing[index[index >= 0]] = False
                    yield index, keys, made


def _pieces(results: Iterator[Arrays], count: int) -> Iterator[tuple[UInt64, Sequence[npt.NDArray[Any]]]]:
    """The keys of each piece, and as many arrays that were made of its texts."""
    for result in results:
        with closing(result):
            rest = iter(result)
            for keys in rest:
                yield keys, [next(rest) for _ in range(count)]


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


def _tasks(catalog: Path, places: _Places, files: Sequence[_File]) -> Iterator[RereadTask]:
    """Tasks for the texts at the given places: parts of files. Small parts come together."""
    waiting: list[WantedTexts] = []
    held = 0.0
    edges = np.searchsorted(places.file, np.arange(len(files) + 1)).tolist()
    for file, begin, end in zip(files, edges, edges[1:], strict=False):
        if begin == end:
            continue
        if waiting and waiting[0].counted.steps != file.counted.steps:
            yield RereadTask(catalog, waiting)
            waiting, held = [], 0.0
        for part, size in _parts(file, places.take(np.arange(begin, end))):
            waiting.append(part)
            held += size
            if held > _TOGETHER_BYTES:
                yield RereadTask(catalog, waiting)
                waiting, held = [], 0.0
    if waiting:
        yield RereadTask(catalog, waiting)


def _parts(file: _File, wanted: _Places) -> Iterator[tuple[WantedTexts, float]]:
    """The wanted texts of a file in parts, and about how many bytes of the file each part takes."""
    starts = part_starts(READERS.get(file.counted.reader), file.file)
    starts = starts[:: math.ceil(_TOGETHER_BYTES * len(starts) / max(1, file.file.size))]
    edges = np.unique(np.searchsorted(wanted.ordinal, [*starts.tolist(), np.iinfo(np.int64).max])).tolist()
    for begin, end in pairwise(edges):
        part = wanted.take(np.arange(begin, end))
        dense = part.bytes.sum() > _DENSE * file.file.size
        offsets = None if dense or (part.offset < 0).any() else part.offset
        yield WantedTexts(file.counted, file.file, part.ordinal, offsets), file.file.size / len(starts)
