"""Exact similarities of texts: estimates propose, shingle sets decide."""

from pathlib import Path

import numpy as np

from tokaudit.core.text_keys import positions, unique
from tokaudit.core.types import Float64, UInt64
from tokaudit.dedup.reread import read_again
from tokaudit.dedup.stored_sets import StoredSets


class Verifier:
    """Compares texts of a catalog by their shingle sets, and reads those again whose set is not stored.

    Texts are read from the files they were counted in; a file that changed counts as gone, unless the text is still in
    it. No text is read twice.

    Args:
        catalog: the DuckDB file.
        sets: those that are known; the others are added.
        workers: threads that read and compare.
    """

    def __init__(self, catalog: Path, sets: StoredSets, workers: int) -> None:
        self._catalog = catalog
        self._sets = sets
        self._workers = workers
        self._gone = np.empty((0, 2), np.uint64)

    def similarities(self, keys: UInt64) -> Float64:
        """Jaccard similarity of the shingle sets of each pair of texts (two keys, (m, 4)); NaN where one is gone.

        Raises:
            CatalogError: the shingle sets can't be written beside the catalog: 1.3 times the text.
        """
        ends = keys.reshape(-1, 2)
        self._read(ends)
        rows = self._sets.rows(ends).reshape(-1, 2)
        there = (rows >= 0).all(axis=1)
        similarity = np.full(len(keys), np.nan)
        similarity[there] = self._sets.similarities(rows[there], self._workers)
        return similarity

    def _read(self, ends: UInt64) -> None:
        """Add the sets of those of the texts that have none and are not known to be gone."""
        texts, _ = unique(ends[self._sets.rows(ends) < 0])
        texts = texts[positions(self._gone, texts) < 0]
        if not len(texts):
            return
        gone = np.ones(len(texts), bool)
        for index, _ in read_again(self._catalog, texts, self._sets.add_texts, self._workers):
            gone[index] = False
        self._gone, _ = unique(np.concatenate([self._gone, texts[gone]]))
