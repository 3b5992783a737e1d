"""Limits on what a file may unpack to, and a count of it, so that a small file can't fill the memory or never end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tokaudit.core.units import format_bytes

if TYPE_CHECKING:
    from tokaudit.readers.faults import FileFault


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what a file may unpack to, so that a small file can't fill the memory or never end.

    The defaults refuse no text that was found. Code, web pages and books are packed to a third to a twelfth, logs to
    a tenth, JSON made from a template to between 1/130 and 1/460. A log of one message with a time per line reaches
    1/90 to 1/1090, one line again and again 1/340 to 1/12,000; that many bytes of them are rare. Zeros, of which
    bombs are made, are packed to between 1/1,030 (gzip) and 1/625,000 (bzip2).

    Attributes:
        record: most bytes of one record, document or member of an archive. One in memory takes three times as much.
        page: most bytes of one page or book, whose extraction takes many times as much memory.
        ratio: most unpacked bytes per stored byte. It holds for files that unpack to more than `ratio_from` bytes.
        total: most unpacked bytes of one file.
        members: most members of one archive.
        label: most bytes of one label of a document. Servers accept addresses of up to 8 kB.
        meter: counts what the members of one archive unpack to together; None: each file is counted alone.
    """

    record: int = 1 << 27
    page: int = 1 << 27
    ratio: int = 500
    ratio_from: int = 1 << 31
    total: int = 1 << 44
    members: int = 10_000_000
    label: int = 1 << 13
    meter: "Meter | None" = field(default=None, compare=False, repr=False)

    def or_larger(self, other: "Limits") -> "Limits":
        """Each limit, or that of the other if it is larger."""
        larger = {name: max(getattr(self, name), getattr(other, name)) for name in DEFAULT_LIMITS}
        return replace(self, **larger) if larger != self.given() else self

    def given(self) -> dict[str, int]:
        """The limits that users can change, by name."""
        return {name: getattr(self, name) for name in DEFAULT_LIMITS}


DEFAULTS: Final = Limits()

DEFAULT_LIMITS: Final = {
    "record": "128MiB",
    "page": "128MiB",
    "ratio": "500",
    "total": "16TiB",
    "members": "10000000",
    "label": "8KiB",
}
"""The defaults of `Limits` that users can change, as they write them."""

EARLIER: Final = Limits(record=1 << 30, label=1 << 31)
"""The limits of ingests by versions that recorded none: what they counted can be read again."""


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

    def add(self, unpacked: int, limits: Limits) -> None:
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
            raise _too_large(
                f"unpacks to {format_bytes(self.unpacked)} from {format_bytes(stored)}, more than"
                f" {limits.ratio} times as much: if it can be trusted, pass --limit ratio=NUMBER"
            )


def longer_than(what: str, most: int, limit: str = "record") -> "FileFault":
    """The fault of a record, document or member that is longer than the limit of this name."""
    return _too_large(f"{what} longer than {format_bytes(most)}: if it can be trusted, pass --limit {limit}=SIZE")


def more_than_total(limits: Limits) -> "FileFault":
    """The fault of a file that unpacks to more than the limit."""
    return _too_large(
        f"unpacks to more than {format_bytes(limits.total)}: if it can be trusted, pass --limit total=SIZE"
    )


def _too_large(why: str) -> "FileFault":
    from tokaudit.readers.faults import FileFault  # noqa: PLC0415 - loads Arrow, and the help needs the limits alone

    return FileFault("too_large", why)
