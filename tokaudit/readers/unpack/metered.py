"""Limits on formats that are packed without being compressed as a whole, as by dictionaries."""

from collections.abc import Iterator
from typing import Final

from tokaudit.core.batches import BadRecord, Found, TextBatch
from tokaudit.readers.unpack.limits import Limits, Meter

_BAD_RECORD: Final = 1 << 10
"""Bytes that a bad record counts as: a few bytes may stand for millions of nulls."""


def metered(found: Iterator[Found], stored: int, limits: Limits) -> Iterator[Found]:
    """Yield what is found in a file.

    Args:
        found: what its reader finds.
        stored: bytes of the file.
        limits: limits on the bytes of its texts.

    Raises:
        FileFault: there are more than the limits allow.
    """
    meter = limits.meter or Meter(lambda: stored)
    for each in found:
        if isinstance(each, TextBatch):
            meter.add(each.text.nbytes, limits)
        elif isinstance(each, BadRecord):
            meter.add(_BAD_RECORD, limits)
        yield each
        del each  # else two batches are in memory while the next one is read
