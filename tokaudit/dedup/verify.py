"""Exact similarities of texts, from their shingle sets."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tokaudit.core.engine import Engine
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, Int64, UInt32, UInt64
from tokaudit.dedup.renumber import renumbered
from tokaudit.dedup.reread import read_again
from tokaudit.dedup.reread_stage import RereadSets
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.readers.files import InputFile


class Verifier:
    """Compares texts of a catalog by their shingle sets, and re-reads texts whose set is not stored.

    Texts are read from the files they were counted in. A text is gone if all its files are gone or no longer contain
    it. No text is read twice.

    Args:
        catalog: the DuckDB file.
        sets: the known sets; others are added.
        workers: threads of this process that compare.
        at_hand: files, by path, whose bytes can't be found at their path, and are kept for as long as this run takes.
        engine: reads all other files again; None: as many threads of this process.
    """

    def __init__(
        self,
        catalog: Path,
        sets: StoredSets,
        workers: int,
        at_hand: Mapping[str, InputFile] | None = None,
        engine: Engine | None = None,
    ) -> None:
        self._catalog = catalog
        self._sets = sets
        self._workers = workers
        self._at_hand = at_hand
        self._engine = engine
        self._gone = np.empty((0, 2), np.uint64)

    def similarities(self, keys: UInt64, pairs: UInt32 | Int64) -> Float64:
        """Jaccard similarity of the shingle sets of each pair of texts; NaN where a text is gone.

        Args:
            keys: keys of texts, (n, 2), distinct; texts without a pair are not looked at.
            pairs: pairs of positions in `keys`, (m, 2).

        Raises:
            CatalogError: the shingle sets (1.3 times the bytes of the texts) can't be written next to the catalog.
        """
        paired, places = renumbered(pairs, len(keys))
        rows = self._rows(keys[paired])[places]
        there = (rows >= 0).all(axis=1)
        similarity = np.full(len(pairs), np.nan)
        similarity[there] = self._sets.similarities(rows[there], self._workers)
        return similarity

    def _rows(self, texts: UInt64) -> Int64:
        """Rows of the texts' sets; -1 where a text is gone. Texts without a set are read, unless known to be gone."""
        rows = self._sets.rows(texts)
        missing, _ = unique(texts[rows < 0])
        missing = missing[positions(self._gone, missing) < 0]
        if not len(missing):
            return rows
        gone = np.ones(len(missing), bool)
        again = read_again(self._catalog, missing, RereadSets(), self._workers, self._at_hand, self._engine)
        for index, keys, (offsets, values) in again:
            self._sets.add(keys, offsets, values)
            gone[index[index >= 0]] = False
        self._gone, _ = unique(np.concatenate([self._gone, missing[gone]]))
        return self._sets.rows(texts)
