"""The texts that may have a near-duplicate, found by ranges of keys, so that memory hardly grows with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.signatures import Fragments
from tokaudit.catalog.statements import fetch_with_incoming, key_columns
from tokaudit.core.engine import Engine
from tokaudit.core.text_keys import ranges_of_keys, unique
from tokaudit.core.types import Int64, UInt32, UInt64
from tokaudit.dedup.named_arrays import NamedArrays
from tokaudit.dedup.shared_texts import texts_sharing_bands

_TEXTS_AT_ONCE: Final = 1_000_000
"""Texts that are looked up at once: about 100 bytes each."""


@dataclass(frozen=True, slots=True)
class TextsToCompare:
    """Distinct texts that may have a near-duplicate. Those not compared yet come first, both in order of key.

    Attributes:
        numbers: numbers of the texts in the fragments.
        new: how many have not been compared yet.
        keys: their keys, (new, 2); then the keys of the others. There is room for more.
    """

    numbers: UInt32
    new: int
    keys: NamedArrays

    def keys_of(self, texts: Int64) -> UInt64:
        """Keys (n, 2) of the texts at these positions, which are in order."""
        split = int(np.searchsorted(texts, self.new))
        new, old = self.keys.rows(0, texts[:split]), self.keys.rows(1, texts[split:] - self.new)
        return np.concatenate([new, old])


@contextmanager
def texts_to_compare(
    catalog: Path, fragments: Fragments, new: int, engine: Engine | None = None
) -> Iterator[TextsToCompare]:
    """A context with the texts that share a band key with another; one of the two is new.

    Memory grows by a byte per text of the fragments, and 8 bytes per text found; the keys are on disk.

    Args:
        catalog: the DuckDB file.
        fragments: the fragments; those not compared yet come first.
        new: number of texts in these.
        engine: runs the stage `shared`; None: threads of this process.
    """
    shared = texts_sharing_bands(fragments, new, engine)
    count = int(shared.sum())
    fresh, others = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
    with NamedArrays(catalog) as kept:
        kept.reserve(np.uint64, (int(shared[:new].sum()), 2))
        kept.reserve(np.uint64, (int(shared[new:].sum()), 2))
        for first, last in ranges_of_keys(count, _TEXTS_AT_ONCE):
            # A text may be in several fragments. The first is taken, so that it is new if it is new in any of them.
            keys, place = unique((found := fragments.keys_between(first, last, shared))[0])
            numbers = found[1][place]
            live = _live(catalog, keys)
            keys, numbers = keys[live], numbers[live]
            for number, (known, chosen) in enumerate(((fresh, numbers < new), (others, numbers >= new))):
                kept.fill(number, sum(map(len, known)), keys[chosen])
                known.append(numbers[chosen].astype(np.uint32))
        yield TextsToCompare(np.concatenate([*fresh, *others]), sum(map(len, fresh)), kept)


def _live(catalog: Path, keys: UInt64) -> Int64:
    """Positions, in order, of the keys that a document has. Fragments also keep texts whose documents are gone."""
    with open_readonly(catalog) as connection:
        found = fetch_with_incoming(
            connection,
            "select i.place from incoming i semi join"
            " (from store.documents join store.whole using (file)) using (key_hi, key_lo)",
            key_columns(keys),
        )
    return np.sort(found["place"])
