"""How much a file has unpacked to, so that a small file can't fill the memory or never end."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from tokaudit.core.batches import BadRecord, Found, TextBatch
from tokaudit.core.units import format_bytes
from tokaudit.readers.faults import FileFault

if TYPE_CHECKING:
    from tokaudit.readers.options import Limits


_BAD_RECORD: Final = 1 << 10
"""Bytes that a bad record counts as: a few bytes may stand for millions of nulls."""


class Meter:
    """Counts what one file unpacks to, with everything that is packed inside it.

    Args:
        stored: returns the number of bytes of the stored file that were read.

    Attributes:
        unpacked: bytes unpacked so far.
    """

    def __init__(self, stored: Callable[[], int]) -> None:
        self._stored = stored
        self.unpacked = 0

    def add(self, unpacked: int, limits: "Limits") -> None:
        """Count more unpacked bytes.

        Raises:
            FileFault: they are more than the limits allow.
        """
        self.unpacked += unpacked
        if self.unpacked <= limits.ratio_from and self.unpacked <= limits.total:
            return
        if self.unpacked > limits.total:
            raise more_than_total(limits)
        stored = self._stored()
        if self.unpacked > limits.ratio * stored:
            raise FileFault(
                "too_large",
                f"unpacks to {format_bytes(self.unpacked)} from {format_bytes(stored)}, more than"
                f" {limits.ratio} times as much: if it can be trusted, pass --limit ratio=NUMBER",
            )


def metered(found: Iterator[Found], stored: int, limits: "Limits") -> Iterator[Found]:
    """Yield what is found in a file that is packed without being compressed as a whole, as by dictionaries.

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


def more_than_total(limits: "Limits") -> FileFault:
    """The fault of a file that unpacks to more than the limit."""
    return FileFault(
        "too_large", f"unpacks to more than {format_bytes(limits.total)}: if it can be trusted, pass --limit total=SIZE"
    )


def longer_than(what: str, most: int) -> FileFault:
    """The fault of a record, document or member that is longer than the limit."""
    return FileFault(
        "too_large", f"{what} longer than {format_bytes(most)}: if it can be trusted, pass --limit record=SIZE"
    )
