"""Web archives: WARC 0.17 to 1.1, WET, and ARC, compressed or not, as a whole or record by record.

A document is an HTML, XHTML or plain text page that a server sent with a status of success, such a page that the
crawler stored by its address, or the text of a page in WET. Its ordinal is its place among all records of the file.
Its text is extracted later, except that of WET.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import IO, Final, cast

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.left_out_parts import LeftOutParts
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import FilePart, PartEnd, Stretch
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.limits import Limits, Meter
from tokaudit.readers.unpack.magic import compression_suffix
from tokaudit.readers.unpack.streams import ByteStream, open_stream, unpacked
from tokaudit.readers.warc.cuts import seeming_starts
from tokaudit.readers.warc.documents import Faulty, NoDocument, Sorting, address_of
from tokaudit.readers.warc.forms import form_of
from tokaudit.readers.warc.frames import Damage, Frame, Frames
from tokaudit.readers.warc.gathered import GatheredPages
from tokaudit.readers.warc.source import CrawlBytes
from tokaudit.readers.warc.starts import ARC_MARK, ARC_START, LONGEST_START, WARC_MARK, WARC_START

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

    def parts(self, file: InputFile, options: ReadOptions, size: int) -> Sequence[FilePart]:  # noqa: ARG002 - all alike
        """Stretches that seem to have whole records, of a WARC file that is not compressed, or record by record."""
        try:
            with open_stream(file) as stream:
                if WARC_START.match(stream.read(LONGEST_START)) is None:
                    return ()
            starts = list(seeming_starts(file, size))
        except (FileFault, OSError):
            return ()
        return [
            FilePart(begin, end, end, begin == 0, end == file.size, guessed=True)
            for begin, end in pairwise([*starts, file.size])
        ]

    @yields_faults
    def read_part(self, file: InputFile, options: ReadOptions, part: FilePart) -> Iterator[Found | PartEnd]:
        """Yield what is in a stretch; ordinals and offsets are counted from its begin."""
        with _opened(file, options.limits, part) as (source, limits):
            reading = _Reading(source, replace(options, limits=limits), part)
            yield from reading.all()
            yield reading.end()

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
def _opened(file: InputFile, limits: Limits, part: FilePart | None = None) -> Iterator[tuple[CrawlBytes, Limits]]:
    """The bytes of a crawl or of a part, and the limits on them and on what is packed in them together."""
    sources: list[CrawlBytes] = []
    meter = limits.meter or Meter(lambda: sources[0].position() if sources else file.size)
    limits = replace(limits, meter=meter)
    source = CrawlBytes(lambda: open_stream(file, limits) if part is None else _stretch(file, limits, part))
    sources.append(source)
    try:
        yield source, limits
    finally:
        source.close()


def _stretch(file: InputFile, limits: Limits, part: FilePart) -> ByteStream:
    """The uncompressed bytes of a part."""
    return unpacked(
        cast("IO[bytes]", Stretch(file.open(), part.begin, part.end)), compression_suffix(file.name), limits
    )


class _Reading:
    """Reads one crawl, or a part of it."""

    def __init__(self, source: CrawlBytes, options: ReadOptions, part: FilePart | None = None) -> None:
        self._source = source
        self._records = 0
        self._is_sure = True  # whether there are whole records alone
        self._unnamed: list[tuple[str, str]] = []
        before = 0 if part is None else part.begin
        assert options.limits.meter is not None, "it is set where the file is opened"
        self._meter = options.limits.meter
        self._ratio_from = options.limits.ratio_from
        self._sorting = Sorting(options.limits, verify=not source.is_checked)
        self._gathered = GatheredPages(options, lambda: before + source.position())
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
                    self._records = ordinal + 1
                    yield from self._add(ordinal, found)
            except FileFault as raised:
                fault = raised
                self._is_sure = False
        yield from self._gathered.take()
        yield from self._left_out.omitted()
        if fault is not None:
            yield BadRecord(None, None, fault.code, fault.why)

    def end(self) -> PartEnd:
        """The end of a part that was read."""
        place, unpacked = self._source.place(), self._meter.unpacked
        is_limited = unpacked > self._ratio_from  # by the stored bytes of the part, rather than of the file so far
        sure = self._is_sure and self._records > 0 and not self._left_out.is_full and not is_limited
        return PartEnd(self._records, bytes=place, unpacked=unpacked, unnamed=tuple(self._unnamed), sure=sure)

    def picked(self, ordinals: Int64, offsets: Int64) -> Iterator[Found]:
        """Yield the records at some offsets."""
        frames = self._frames()
        for ordinal, offset in zip(ordinals.tolist(), offsets.tolist(), strict=True):
            if self._source.go(offset):
                yield from self._add(ordinal, frames.record())
        yield from self._gathered.take()

    def _add(self, ordinal: int, found: Frame | Damage) -> Iterator[Found]:
        if isinstance(found, Damage):
            self._is_sure = False
            yield from self._gathered.add_bad(ordinal, found.offset, found.code, found.why)
            return
        sorted_ = self._sorting.sort(found)
        if isinstance(sorted_, NoDocument):
            self._left_out.add(sorted_.rule, sorted_.kind, found.length, partial(self._name_of, found, sorted_))
        elif isinstance(sorted_, Faulty):
            yield from self._gathered.add_bad(ordinal, found.offset, sorted_.code, sorted_.why)
        else:
            yield from self._gathered.add(found, sorted_, ordinal)

    def _name_of(self, frame: Frame, sorted_: NoDocument) -> str:
        """The address of a record, or its place if it has none."""
        address = address_of(frame.head.fields())[:_LONGEST_NAME]
        if not address:
            self._unnamed.append((sorted_.rule, sorted_.kind))
        return address or f"record at byte {frame.offset:,}"


READER: Final = Warc()
