"""Reading some records of an archive again, without reading the members between them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from tokaudit.core.arrow import Text, take_rows
from tokaudit.core.batches import PageBatch, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.archives.archives import MemberReading
from tokaudit.readers.archives.members import Member


def pick_members(
    reading: MemberReading, members: Iterable[Member], ordinals: Int64, offsets: Int64
) -> Iterator[TextBatch | PageBatch]:
    """Yield the records at these offsets; members that contain none are not read.

    Args:
        reading: reads the archive.
        members: all members.
        ordinals: those of the wanted records, ascending.
        offsets: their offsets, ascending.
    """
    places = offsets.tolist()

    def wanted() -> Iterator[Member]:
        for member in members:
            at = bisect_left(places, member.offset or 0)
            if at == len(places):
                return
            if places[at] < (member.offset or 0) + member.size:
                yield member

    for found in reading.read(wanted()):
        if isinstance(found, TextBatch | PageBatch):
            yield from _at(found, ordinals, offsets)


def _at(batch: Text, ordinals: Int64, offsets: Int64) -> Iterator[Text]:
    """Yield the documents at the offsets, with the ordinals that belong to them."""
    there = batch.offset.fill_null(-1).to_numpy()
    at = np.searchsorted(offsets, there).clip(max=len(offsets) - 1)
    rows = np.flatnonzero(offsets[at] == there)
    if len(rows):
        yield replace(take_rows(batch, rows), ordinal=ordinals[at[rows]])
