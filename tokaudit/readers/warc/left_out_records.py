"""Counts of the records of a crawl that are left out, by rule and kind."""

from dataclasses import dataclass
from typing import Final

from tokaudit.core.batches import Omitted
from tokaudit.readers.warc.documents import NoDocument, address_of
from tokaudit.readers.warc.frames import Frame

_MOST_KINDS: Final = 1_000
"""Most kinds that are told apart among the records left out by one rule or another."""
_LONGEST_EXAMPLE: Final = 1_000


@dataclass(slots=True)
class _Count:
    """Records of one kind: their number, their bytes and the address of the first."""

    example: str
    number: int = 0
    bytes: int = 0


class LeftOutRecords:
    """Counts the records that are left out, by rule and kind."""

    def __init__(self) -> None:
        self._counts: dict[NoDocument, _Count] = {}

    def omit(self, found: NoDocument, frame: Frame) -> None:
        """Count a record that is no document."""
        count = self._counts.get(found)
        if count is None:
            count = self._new(found, frame)
        count.number += 1
        count.bytes += frame.length

    def _new(self, found: NoDocument, frame: Frame) -> _Count:
        if len(self._counts) >= _MOST_KINDS:
            found = NoDocument(found.rule, "")
        example = address_of(frame.head.fields())[:_LONGEST_EXAMPLE] or f"record at byte {frame.offset:,}"
        return self._counts.setdefault(found, _Count(example))

    def omitted(self) -> list[Omitted]:
        """What was left out, in the order in which its kinds first came."""
        return [
            Omitted(each.rule, each.kind, count.number, count.bytes, count.example)
            for each, count in self._counts.items()
        ]
