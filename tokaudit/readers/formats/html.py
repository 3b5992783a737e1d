"""HTML and XHTML files: one document per page, its text extracted as `ReadOptions.extraction` says.

A label is a field of the page's head: ``title``, or ``language``, which its root element names.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import binary_column, to_arrow
from tokaudit.core.batches import Found, PageBatch
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.pages.head_fields import head_field
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.magic import binary_format, media_of
from tokaudit.readers.unpack.streams import read_whole

_HEAD: Final = 1 << 12
_START: Final = to_arrow([0])
_BEGIN: Final = re.compile(  # groups are atomic: any bytes are matched in linear time
    rb"(?>\xef\xbb\xbf)?\s*+(?><\?xml[^>]*>\s*+)?(?><!--.*?-->\s*+)*+<(?:!doctype\s++html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_XHTML: Final = re.compile(rb"<\?xml\b|http://www\.w3\.org/1999/xhtml", re.IGNORECASE)


class Html(Reader):
    """Reads one document per page, compressed or not; an empty file has no document."""

    suffixes = (".html", ".htm", ".xhtml", ".xht", ".shtml")
    documents_per_file = 1
    has_pages = True
    has_assets = True
    work_per_byte = 2.0

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether it begins with a document type or root element of HTML, maybe after comments."""
        return _BEGIN.match(head[:_HEAD]) is not None

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the page, whose text is extracted later."""
        data, position = read_whole(file, options.limits, "page")
        if not data:
            return
        head = bytes(data[:_HEAD])
        if found := binary_format(head) or media_of(head):
            raise FileFault("wrong_format", f"is not HTML: it is {found}")
        yield PageBatch(
            pages=binary_column([data]),
            kind=np.array([PageKind.XHTML if _XHTML.search(head) else PageKind.HTML], np.uint8),
            charset=pa.nulls(1, pa.string()),
            extraction=options.extraction,
            ordinal=np.zeros(1, np.int64),
            offset=_START,
            labels={name: pa.array([head_field(data, field)], pa.string()) for name, field in options.labels.items()},
            position=position,
        )


READER: Final = Html()
