"""E-books in the format EPUB: one document per book, its parts in the order of the spine.

Navigation, cover and imprint are left out unless `ReadOptions.extraction` says otherwise. A label is a field of the
book's metadata: ``title``, ``creator``, ``language``, ``date``, ``publisher``, ``identifier``, ``rights`` and so on.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import binary_column, to_arrow
from tokaudit.core.batches import BadRecord, Found, PageBatch
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.archives.members import shown
from tokaudit.readers.archives.zip_directory import is_zip
from tokaudit.readers.epub.contents import Contents
from tokaudit.readers.epub.package import Package, read_package
from tokaudit.readers.epub.part_text import as_utf8
from tokaudit.readers.epub.protection import check_readable, unless_protected
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.pages.parts import pack_parts
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.limits import Limits, Meter, longer_than

_START: Final = to_arrow([0])
_NAME: Final = slice(30, 38)
_TYPE: Final = slice(38, 96)


class Epub(Reader):
    """Reads one document per book. A book of which a part can't be read is one bad record."""

    suffixes = (".epub",)
    documents_per_file = 1
    has_pages = True
    work_per_byte = 4.0

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether the first member of a zip archive is the media type of EPUB, as it has to be."""
        return head.startswith(b"PK\x03\x04") and head[_NAME] == b"mimetype" and b"application/epub+zip" in head[_TYPE]

    def is_checked(self, file: InputFile) -> bool:
        """Whether the file can be opened: there are check sums of all members."""
        return is_zip(file)

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the book, whose text is extracted later, or a bad record."""
        with file.open() as raw:
            contents = _contents(raw, options.limits)
            position = raw.seek(0, 2)
            try:
                check_readable(contents)
                package = read_package(contents)
                packed = pack_parts(_parts(contents, package, options))
            except FileFault as fault:
                yield BadRecord(0, 0, fault.code, fault.why)
                return
        yield PageBatch(
            pages=binary_column([packed]),
            kind=np.array([PageKind.BOOK], np.uint8),
            charset=pa.nulls(1, pa.string()),
            extraction=options.extraction,
            ordinal=np.zeros(1, np.int64),
            offset=_START,
            labels={
                name: pa.array([package.metadata.get(field.lower())], pa.string())
                for name, field in options.labels.items()
            },
            position=position,
        )


def _contents(raw: IO[bytes], limits: Limits) -> Contents:
    size = raw.seek(0, 2)
    meter = limits.meter or Meter(lambda: size)
    return Contents(raw, replace(limits, meter=meter), meter)


def _parts(contents: Contents, package: Package, options: ReadOptions) -> Iterator[bytes]:
    """Yield the parts that count, in UTF-8. The others are read, too, so that no damage goes unseen.

    Raises:
        FileFault: one of the parts can't be read, or they are too large together.
    """
    size = 0
    for name in package.parts:
        data = contents.read(name)
        size += len(data)
        if size > options.limits.page:
            raise longer_than("is", options.limits.page, "page")
        try:
            part = as_utf8(data)
        except FileFault as fault:
            raise unless_protected(contents, FileFault(fault.code, f"{shown(name)}: {fault.why}")) from fault
        if options.extraction.front_matter or name not in package.aside:
            yield part


READER: Final = Epub()
