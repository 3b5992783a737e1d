"""The stage `shared`: which texts share a band key with another, by bands and ranges of keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.signatures import Fragments
from tokaudit.core.array_file import read_arrays, write_arrays
from tokaudit.core.engine import Engine, LocalEngine, Stage
from tokaudit.core.kernels.face import entries_seen, mark
from tokaudit.core.stage_key import stage_key
from tokaudit.core.types import UInt32, UInt64
from tokaudit.dedup.candidates import KEY, TEXT, KeyRange, key_ranges, shared_entries
from tokaudit.measure.fingerprints.minhash import BANDS

_THREADS: Final = 2
"""Fixed, whatever the number of workers: each thread holds `_ENTRIES`, and memory must not grow with the machine."""
_ENTRIES: Final = 4_000_000
"""Band keys that a task holds, 8 bytes each: of as many bands as fit, but at least one, since a file is opened once."""
_MOST_BANDS: Final = BANDS // 2
"""Bands of a task, so that there is one for each thread."""
_BITS_PER_KEY: Final = 64
"""Size of a set of band keys: one in that many keys of other texts is a false hit."""
_LEAST_BITS: Final = 1 << 16
_MOST_BITS: Final = 1 << 27


@dataclass(frozen=True, slots=True)
class SharedTask:
    """Bands and a range of their keys.

    Attributes:
        fragments: the signatures of all texts.
        new: one of two texts is among that many at the beginning, which are those of whole fragments.
        bands: the first band, and the one after the last.
        keys: the range.
    """

    fragments: Fragments
    new: int
    bands: tuple[int, int]
    keys: KeyRange


class SharedTexts(Stage[SharedTask, UInt32]):
    """Gives the numbers of the texts, in order, that share a band key with another, one of the two new.

    The keys of new texts are read, then those of the others, which are looked up among them.
    """

    name = "shared"

    def key(self, task: SharedTask) -> str:
        """A hash of the fragments' names, which are hashes of their content, and of the rest of the task."""
        return stage_key(self.name, task.fragments.names, task.new, task.bands, task.keys)

    def run(self, task: SharedTask) -> UInt32:
        """The texts. Takes a byte per text, and 16 bytes per key in the range, of all bands of the task."""
        found = np.zeros(len(task.fragments), bool)
        new = _new_entries(task)
        old = _old_entries(task, new) if task.new < len(task.fragments) else [np.empty(0, np.uint64)] * len(new)
        while new:  # frees each band before the next one
            found[shared_entries(np.concatenate([new.pop(), old.pop()]), task.new) & TEXT] = True
        return np.flatnonzero(found).astype(np.uint32)

    def write(self, result: UInt32, file: Path) -> None:
        """Write the numbers to a new file."""
        write_arrays(file, [result])

    def read(self, file: Path) -> UInt32:
        """The numbers in a file that `write` wrote."""
        (result,) = read_arrays(file)
        return result


def _new_entries(task: SharedTask) -> list[UInt64]:
    """For each band, entries of the new texts."""
    found: list[list[UInt64]] = [[] for _ in range(*task.bands)]
    for part in task.fragments.parts(0, task.new):
        for band, column in zip(found, task.fragments.bands(*task.bands, part), strict=True):
            band.append(task.keys.entries_of(column, part.start))
    return [np.concatenate(band) for band in found]


def _old_entries(task: SharedTask, new: Sequence[UInt64]) -> list[UInt64]:
    """For each band, entries of old texts that may share a key with a new text, given the entries of these."""
    found: list[list[UInt64]] = [[] for _ in new]
    seen = [_set_of(entries) for entries in new]
    for part in task.fragments.parts(task.new, len(task.fragments)):
        columns = task.fragments.bands(*task.bands, part)
        for band, column, keys in zip(found, columns, seen, strict=True):
            entries = np.empty(len(column), np.uint64)
            filled = entries_seen(column, part.start, keys, entries)
            band.append(task.keys.entries_in(entries[:filled]))
    return [np.concatenate(band) for band in found]


def _set_of(entries: UInt64) -> UInt64:
    """The set of the entries' keys, as bits."""
    bits = min(_MOST_BITS, max(_LEAST_BITS, 1 << (_BITS_PER_KEY * len(entries)).bit_length()))
    seen = np.zeros(bits // 64, np.uint64)
    mark((entries >> KEY).astype(np.uint32), seen)
    return seen


def texts_sharing_bands(fragments: Fragments, new: int, engine: Engine | None = None) -> npt.NDArray[np.bool_]:
    """For each text, whether it shares a band key with another; one of the two is among the first `new`.

    That is all that grows with the texts in this process: a byte for each.

    Args:
        fragments: the texts. The first `new` are those of whole fragments.
        new: how many have not been compared yet.
        engine: runs the stage; None: threads of this process.
    """
    found = np.zeros(len(fragments), bool)
    with (engine or LocalEngine(_THREADS)).map(SharedTexts(), _tasks(fragments, new)) as results:
        for texts in results:
            found[texts] = True
    return found


def _tasks(fragments: Fragments, new: int) -> Iterator[SharedTask]:
    if not new:
        return
    ranges = key_ranges(len(fragments))
    bands = max(1, min(_MOST_BANDS, _ENTRIES * len(ranges) // len(fragments)))
    for begin in range(0, BANDS, bands):
        for keys in ranges:
            yield SharedTask(fragments, new, (begin, min(begin + bands, BANDS)), keys)
