"""Web archives: WARC 0.17 to 1.1, WET, and ARC, compressed or not, as a whole or record by record.

A document is an HTML, XHTML or plain text page that a server sent with a status of success, such a page that the
crawler stored by its address, or the text of a page in WET. Its ordinal is its place among all records of the file.
Its text is extracted later, except that of WET.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Final

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.left_out_parts import LeftOutParts
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.limits import Limits, Meter
from tokaudit.readers.unpack.streams import open_stream
from tokaudit.readers.warc.documents import Faulty, NoDocument, Sorting, address_of
from tokaudit.readers.warc.forms import form_of
from tokaudit.readers.warc.frames import Damage, Frame, Frames
from tokaudit.readers.warc.gathered import GatheredPages
from tokaudit.readers.warc.source import CrawlBytes
from tokaudit.readers.warc.starts import ARC_MARK, ARC_START, WARC_MARK, WARC_START

_LONGEST_NAME: Final = 1_000


class Warc(RandomAccessReader):
    """Reads crawls."""

    suffixes = (".warc", ".wet")
    doubtful_suffixes = (".arc", ".wat")
    is_table = True
    has_pages = True

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records, and at last what was left out; ``offset`` is the first byte of a record."""
        with _opened(file, options.limits) as (source, limits):
            reading = _Reading(source, replace(options, limits=limits))
            yield from reading.all()

    @yields_faults
    def pick(self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None) -> Iterator[Found]:
        """Yield only the wanted records if their offsets are known, else all."""
        with _opened(file, options.limits) as (source, limits):
            reading = _Reading(source, replace(options, limits=limits))
            if offsets is None:
                yield from reading.all()
            else:
                yield from reading.picked(ordinals, offsets)

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether the first record is one of WARC or ARC."""
        start = head.lstrip(b"\r\n")
        return WARC_START.match(start) is not None or start.startswith(ARC_MARK)

    def may_begin(self, head: bytes) -> bool:
        """Whether there is a record somewhere in the first bytes."""
        return head.startswith((WARC_MARK, ARC_MARK)) or any(
            start.search(head) is not None for start in (WARC_START, ARC_START)
        )


@contextmanager
def _opened(file: InputFile, limits: Limits) -> Iterator[tuple[CrawlBytes, Limits]]:
    """The bytes of a crawl, and the limits on them and on what is packed in them together."""
    sources: list[CrawlBytes] = []
    meter = limits.meter or Meter(lambda: sources[0].position() if sources else file.size)
    limits = replace(limits, meter=meter)
    source = CrawlBytes(lambda: open_stream(file, limits))
    sources.append(source)
    try:
        yield source, limits
    finally:
        source.close()


class _Reading:
    """Reads one crawl."""

    def __init__(self, source: CrawlBytes, options: ReadOptions) -> None:
        self._source = source
        self._sorting = Sorting(options.limits, verify=not source.is_checked)
        self._gathered = GatheredPages(options, source.position)
        self._left_out = LeftOutParts()
        self._most = options.limits.page

    def _frames(self) -> Frames:
        return Frames(self._source, form_of(self._source), self._most, self._sorting.may_be_document)

    def all(self) -> Iterator[Found]:
        """Yield everything that is in the file; a fault of the file comes last."""
        fault = None
        if self._source.fill(1) or self._source.fault is not None:
            try:
                for ordinal, found in enumerate(self._frames().records()):
                    yield from self._add(ordinal, found)
            except FileFault as raised:
                fault = raised
        yield from self._gathered.take()
        yield from self._left_out.omitted()
        if fault is not None:
            yield BadRecord(None, None, fault.code, fault.why)

    def picked(self, ordinals: Int64, offsets: Int64) -> Iterator[Found]:
        """Yield the records at some offsets."""
        frames = self._frames()
        for ordinal, offset in zip(ordinals.tolist(), offsets.tolist(), strict=True):
            if self._source.go(offset):
                yield from self._add(ordinal, frames.record())
        yield from self._gathered.take()

    def _add(self, ordinal: int, found: Frame | Damage) -> Iterator[Found]:
        if isinstance(found, Damage):
            yield from self._gathered.add_bad(ordinal, found.offset, found.code, found.why)
            return
        sorted_ = self._sorting.sort(found)
        if isinstance(sorted_, NoDocument):
            self._left_out.add(sorted_.rule, sorted_.kind, found.length, partial(_name_of, found))
        elif isinstance(sorted_, Faulty):
            yield from self._gathered.add_bad(ordinal, found.offset, sorted_.code, sorted_.why)
        else:
            yield from self._gathered.add(found, sorted_, ordinal)


def _name_of(frame: Frame) -> str:
    """The address of a record, or its place if it has none."""
    return address_of(frame.head.fields())[:_LONGEST_NAME] or f"record at byte {frame.offset:,}"


READER: Final = Warc()
