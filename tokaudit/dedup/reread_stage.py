"""The stages `reread` and `signatures`: what is made of texts that are read again, next to their files."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.catalog.counted_files import CountedFile
from tokaudit.core.arrow import byte_lengths
from tokaudit.core.stage_key import stage_key
from tokaudit.core.types import Int64
from tokaudit.dedup.array_stage import RESULT_BYTES, Arrays, ArrayStage
from tokaudit.dedup.spilled import Spilled
from tokaudit.dedup.stored_sets import cuts
from tokaudit.ingesters.cleaning import clean
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.minhash import signatures
from tokaudit.measure.fingerprints.shingles import shingle_sets
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.reread import read_ordinals

_BATCH_BYTES: Final = 8_000_000
_COLLECTED_BYTES: Final = 1_000_000
"""Texts of small files are collected until they have this many bytes."""
_MADE_BYTES: Final = 1_000_000
"""Bytes of text of which something is made at once, unless a text is longer."""


@dataclass(frozen=True, slots=True)
class WantedTexts:
    """Some texts of a file.

    Attributes:
        counted: how the file was counted.
        file: where it is, unchanged or not.
        ordinals: the texts' places in it, ascending.
        offsets: first byte of each; None to read the file from its beginning.
    """

    counted: CountedFile
    file: InputFile
    ordinals: Int64
    offsets: Int64 | None

    def read(self) -> Iterator[pa.LargeStringArray]:
        """The texts as they are in the file, not cleaned."""
        reader, options = READERS.get(self.counted.reader), self.counted.options(_BATCH_BYTES)
        for batch in read_ordinals(reader, self.file, options, self.ordinals, self.offsets):
            yield batch.text


@dataclass(frozen=True, slots=True)
class RereadTask:
    """Texts of one or more files, which were all cleaned in the same way.

    Attributes:
        catalog: the DuckDB file; temporary files are next to it.
        wanted: the texts.
    """

    catalog: Path
    wanted: Sequence[WantedTexts]


class Reread(ArrayStage[RereadTask]):
    """Reads texts again and makes arrays of them. If a file has changed, they may be other texts.

    Gives for each piece of the texts their keys, (n, 2), and the arrays that `made` makes of them.

    Attributes:
        arrays: number of arrays that `made` makes.
    """

    arrays: int

    @abstractmethod
    def made(self, text: pa.LargeStringArray) -> Sequence[npt.NDArray[Any]]:
        """Arrays made of some texts."""

    def key(self, task: RereadTask) -> str:
        """A hash of the files as they were counted and as they are now, of the places, and of how texts are made."""
        return stage_key(self.name, *([_identity(each), each.ordinals, each.offsets] for each in task.wanted))

    def run(self, task: RereadTask) -> Arrays:
        """The arrays. Takes memory for a batch of the reader and a part of the result, however many texts there are."""
        found = Spilled(task.catalog, RESULT_BYTES)
        steps = task.wanted[0].counted.steps
        for some in _collected(task.wanted):
            text = clean(some, steps)
            keys = text_keys(text)
            for begin, end in pairwise(cuts(np.cumsum(byte_lengths(text)), _MADE_BYTES)):
                found.append(keys[begin:end])
                for array in self.made(text[begin:end]):
                    found.append(array)
        return found


class RereadSets(Reread):
    """Gives for each piece of the texts their keys, and offsets and values of their shingle sets."""

    name = "reread"
    arrays = 2

    def made(self, text: pa.LargeStringArray) -> Sequence[npt.NDArray[Any]]:
        """Offsets and values, as `shingle_sets` returns them."""
        offsets, values = shingle_sets(text)
        return offsets, values.copy()  # without the room for all words


class RereadSignatures(Reread):
    """Gives for each piece of the texts their keys and signatures."""

    name = "signatures"
    arrays = 1

    def made(self, text: pa.LargeStringArray) -> Sequence[npt.NDArray[Any]]:
        """Signatures, (n, 128)."""
        return (signatures(text)[0],)


def _collected(wanted: Sequence[WantedTexts]) -> Iterator[pa.LargeStringArray]:
    """The texts, not cleaned, in arrays of at least `_COLLECTED_BYTES`, but for the last."""
    waiting: list[pa.LargeStringArray] = []
    held = 0
    for each in wanted:
        for text in each.read():
            waiting.append(text)
            held += text.nbytes
            if held >= _COLLECTED_BYTES:
                yield waiting[0] if len(waiting) == 1 else pa.concat_arrays(waiting)
                waiting, held = [], 0
    if waiting:
        yield waiting[0] if len(waiting) == 1 else pa.concat_arrays(waiting)


def _identity(wanted: WantedTexts) -> list[object]:
    """All that the texts of a file depend on, except which are wanted."""
    counted, now = wanted.counted, wanted.counted.find()
    return [
        counted.path,
        counted.content,
        [counted.size, counted.modified],
        None if now is None else [now.size, now.modified],
        [counted.domain, counted.clean, [step.name for step in counted.steps], counted.extraction.identity],
        [counted.reader, counted.general, counted.rules, counted.text_field, counted.below, counted.limits],
    ]
