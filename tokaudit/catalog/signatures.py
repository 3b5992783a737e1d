"""The MinHash signatures of a catalog: its fragments, with their texts numbered through all of them.

The catalog records the size and hash of each fragment. A fragment that it does not record, for example after a crash,
is never opened; the next writer removes it (`delete.sweep`).
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.fragment import RESTORE_OR_REPAIR, StoredFragment, open_fragment
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.stored_file import hash_of, size_of
from tokaudit.core.errors import CatalogError
from tokaudit.core.text_keys import positions
from tokaudit.core.types import Int64, UInt16, UInt32, UInt64
from tokaudit.core.units import format_number_of
from tokaudit.measure.fingerprints.minhash import BANDS, BINS

T = TypeVar("T", bound=np.generic)


def older_fragments(catalog: Path, names: Sequence[str]) -> list[str]:
    """Names of the fragments whose signatures are of an older kind.

    Raises:
        CatalogError: a fragment is missing or damaged.
    """
    older = []
    for name in names:
        with open_fragment(catalog, name) as stored:
            if stored.is_older:
                older.append(name)
    return older


def check_signatures(catalog: Path) -> None:
    """Check that the fragments lie next to the catalog, each with its size: without them nothing can be compared.

    It costs one look at each file, and reads none. Whoever writes calls it before anything is written.

    Raises:
        CatalogError: the folder is missing, or some of its files are.
    """
    folder, lost = parts_folder(catalog), lost_fragments(catalog)
    if lost and not folder.is_dir():
        raise CatalogError(
            f"{folder}: the folder with the signatures of {catalog.name} is missing; if the catalog was moved or copied"
            " without it, bring it here under this name; else run `tokaudit verify --repair`"
        )
    if lost:
        files = format_number_of(len(lost), "file")
        raise CatalogError(
            f"{folder}: {files} with signatures of {catalog.name} missing or cut off, such as {lost[0]};"
            f" {RESTORE_OR_REPAIR}"
        )


def lost_fragments(catalog: Path) -> list[str]:
    """Names of the fragments that the catalog relies on and that are missing, or have another size."""
    with open_readonly(catalog) as connection:
        sizes = connection.execute("select fragment, bytes from store.fragments order by 1").fetchall()
    return [name for name, size in sizes if size_of(parts_folder(catalog) / name) != size]


def unreadable_fragments(catalog: Path) -> list[str]:
    """Names of the fragments that the catalog relies on and that are missing, damaged or others; all are read."""
    with open_readonly(catalog) as connection:
        hashes = connection.execute("select fragment, xxh3 from store.fragments order by 1").fetchall()
    return [name for name, xxh3 in hashes if hash_of(parts_folder(catalog) / name) != xxh3]


class Fragments:
    """The texts of some fragments, numbered from 0 through all of them. A text in two fragments has two numbers.

    Attributes:
        names: names of the fragments.

    Args:
        catalog: the DuckDB file.
        names: names of the fragments, in the order in which their texts are numbered.

    Raises:
        CatalogError: a fragment is missing or damaged; raised here or by a method.
    """

    def __init__(self, catalog: Path, names: Sequence[str]) -> None:
        self._catalog = catalog
        self.names = names
        self._begins = np.zeros(len(names) + 1, np.int64)
        for place, name in enumerate(names):
            with open_fragment(catalog, name) as stored:
                self._begins[place + 1] = self._begins[place] + stored.texts

    def __len__(self) -> int:
        """Number of texts."""
        return int(self._begins[-1])

    def parts(self, begin: int, end: int) -> list[slice]:
        """Numbers of the texts of each fragment, from text `begin` to before text `end`."""
        first, last = np.searchsorted(self._begins, [begin, end])
        return [slice(*part) for part in pairwise(self._begins[first : last + 1].tolist())]

    def bands(self, begin: int, end: int, texts: slice) -> UInt32:
        """Bands from `begin` to before `end`, shape (end - begin, texts), of the texts of one or more fragments."""
        found = np.empty((end - begin, texts.stop - texts.start), np.uint32)
        for place in range(*np.searchsorted(self._begins, [texts.start, texts.stop])):
            part = slice(*self._begins[place : place + 2] - texts.start)
            with open_fragment(self._catalog, self.names[place]) as stored:
                stored.read_bands(begin, end, found[:, part])
        return found

    def keys(self) -> UInt64:
        """Keys (n, 2) of all texts."""
        return self.keys_of(np.arange(len(self)))

    def keys_of(self, texts: Int64) -> UInt64:
        """Keys (n, 2) of the texts with these numbers."""
        return self._gathered(texts, np.empty((len(texts), 2), np.uint64), lambda stored, at: stored.keys()[at])

    def keys_between(self, first: int, last: int, chosen: npt.NDArray[np.bool_]) -> tuple[UInt64, Int64]:
        """Keys (n, 2) of the chosen texts, and their numbers in order, whose high half is from `first` to `last`.

        Args:
            first: the least high half.
            last: the greatest.
            chosen: for each text, whether it is chosen.
        """
        keys, numbers = [np.empty((0, 2), np.uint64)], [np.empty(0, np.int64)]
        for place, name in enumerate(self.names):
            with open_fragment(self._catalog, name) as stored:
                have = stored.keys()
            bounds = np.array([first, last], np.uint64)
            begin, end = np.searchsorted(have[:, 0], bounds[0]), np.searchsorted(have[:, 0], bounds[1], "right")
            at = begin + np.flatnonzero(chosen[self._begins[place] : self._begins[place + 1]][begin:end])
            keys.append(have[at])
            numbers.append(self._begins[place] + at)
        return np.concatenate(keys), np.concatenate(numbers)

    def bands_of(self, texts: Int64) -> UInt32:
        """All band keys (n, 16) of the texts with these numbers, without a check: `bands` has checked them."""
        return self._gathered(texts, np.empty((len(texts), BANDS), np.uint32), StoredFragment.bands_of)

    def signatures_of(self, texts: Int64) -> UInt16:
        """Signatures (n, 128) of the texts with these numbers."""
        return self._gathered(texts, np.empty((len(texts), BINS), np.uint16), StoredFragment.signatures_of)

    def find(self, keys: UInt64) -> Int64:
        """The number of a text for each of the keys (n, 2), which must be distinct and in order; -1: it has none.

        After `verify --repair`, texts that are gone have no signature.
        """
        found = np.full(len(keys), -1, np.int64)
        for place, name in enumerate(self.names):
            with open_fragment(self._catalog, name) as stored:
                have = stored.keys()
                if len(keys) <= len(have):
                    at = positions(have, keys)
                    found[at >= 0] = self._begins[place] + at[at >= 0]
                else:
                    at = positions(keys, have)
                    found[at[at >= 0]] = self._begins[place] + np.flatnonzero(at >= 0)
        return found

    def _gathered(
        self, texts: Int64, found: npt.NDArray[T], of: Callable[[StoredFragment, Int64], npt.NDArray[T]]
    ) -> npt.NDArray[T]:
        """`found`, filled for each fragment with what `of` gives for the rows of its texts."""
        order = np.argsort(texts)
        ordered = texts[order]
        edges = np.searchsorted(ordered, self._begins)
        for place, name in enumerate(self.names):
            part = slice(*edges[place : place + 2])
            if part.start < part.stop:
                with open_fragment(self._catalog, name) as stored:
                    found[order[part]] = of(stored, ordered[part] - self._begins[place])
        return found
