"""The stage `pairs`: pairs of texts that may be near-duplicates, with their estimates, by bands and ranges of keys."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tokaudit.core.stage_key import stage_key
from tokaudit.core.types import Float64, Int64, UInt32
from tokaudit.dedup.array_stage import RESULT_BYTES, Arrays, ArrayStage
from tokaudit.dedup.candidates import LARGE_BUCKET, KeyRange, buckets, candidates
from tokaudit.dedup.estimates import Estimates
from tokaudit.dedup.named_arrays import NamedArrays
from tokaudit.dedup.spilled import Spilled


@dataclass(frozen=True, slots=True)
class PairsTask:
    """A band and a range of its keys.

    Attributes:
        catalog: the DuckDB file; temporary files are next to it.
        columns: band keys of the texts, one array per band.
        estimates: estimates pairs of the texts.
        digest: a hash of the texts: of their fragments, and their numbers in these.
        new: how many texts, at the beginning, have not been compared yet.
        band: the band.
        keys: the range.
        least: lowest estimate of a pair that is proposed.
    """

    catalog: Path
    columns: NamedArrays
    estimates: Estimates
    digest: str
    new: int
    band: int
    keys: KeyRange
    least: float


class ProposedPairs(ArrayStage[PairsTask]):
    """Gives the pairs of texts, one of them new, that share a key of the band and none of an earlier band.

    They are in order of their keys, those of all tasks in the order of the bands and ranges. `read_proposed` says what
    the arrays are.
    """

    name = "pairs"

    def key(self, task: PairsTask) -> str:
        """A hash of the task, except of where its files are."""
        return stage_key(self.name, task.digest, task.new, task.band, task.keys, task.least, LARGE_BUCKET)

    def run(self, task: PairsTask) -> Arrays:
        """The arrays. Takes 4 bytes per text, and 80 per text of the range that shares a key."""
        column = task.columns[task.band]
        entries, large = buckets(column, task.keys, task.new)
        found = Spilled(task.catalog, RESULT_BYTES)
        found.append(np.array([len(bucket) for bucket in large], np.int64))
        found.append(np.concatenate([np.empty(0, np.int64), *large]))
        for pairs in candidates(entries, task.columns.__getitem__, task.band, len(column), task.new):
            estimates = task.estimates.of(pairs)
            near = np.flatnonzero(estimates >= task.least)
            if len(near):
                found.append(pairs[near])
                found.append(estimates[near])
        return found


def read_proposed(arrays: Arrays, large: list[Int64]) -> Iterator[tuple[UInt32, Float64]]:
    """Batches of pairs (m, 2) with their estimates in a result of `ProposedPairs`, which is closed at the end.

    Args:
        arrays: the result.
        large: filled with the texts of each large bucket. Their pairs are left out.
    """
    with closing(arrays):
        rest = iter(arrays)
        sizes, texts = next(rest), next(rest)
        large += np.split(texts, np.cumsum(sizes[:-1])) if len(sizes) else []
        yield from zip(rest, rest, strict=True)
