"""Arrow IPC files and streams and Feather: one document per row, with its text in a column.

Another process reads them, because damaged ones may crash their reader. Arrow has no check sums.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from tokaudit.core.batches import BadRecord, Found
from tokaudit.core.types import Int64
from tokaudit.readers.arrow.blocks import MAGIC, batch_rows, begins_stream
from tokaudit.readers.arrow.worker import read_in_child
from tokaudit.readers.faults import yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import RandomAccessReader
from tokaudit.readers.unpack.magic import compression_suffix
from tokaudit.readers.unpack.metered import metered


class Arrow(RandomAccessReader):
    """Reads the text column and the label columns, one record batch at a time."""

    suffixes = (".arrow", ".arrows", ".feather", ".ipc")
    is_table = True
    reads_from_start = False

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records; ``offset`` is null."""
        yield from metered(read_in_child(file, options, None), file.size, options.limits)

    def begins(self, head: bytes, *, whole: bool) -> bool:  # noqa: ARG002 - the mark is at the start
        """Whether the file begins with the mark of Arrow and its padding, or with the schema of a stream."""
        return head.startswith(MAGIC + b"\0\0") or begins_stream(head)

    def has_field(self, file: InputFile, names: Sequence[str]) -> bool:
        """Whether the schema has one of the columns."""
        nothing = np.empty(0, np.int64)
        found = [*read_in_child(file, ReadOptions(text_fields=tuple(names)), nothing)]
        return not any(isinstance(each, BadRecord) and each.code == "no_text" for each in found)

    def starts(self, file: InputFile) -> Int64:
        """The first row of each record batch; zero alone for a stream or a compressed file, which have no index."""
        rows: list[int] = []
        if not compression_suffix(file.name):
            try:
                with file.open() as raw:
                    rows = batch_rows(raw)
            except (OSError, ValueError):  # picking from the file reports the reason
                rows = []
        return np.cumsum([0, *rows[:-1]], dtype=np.int64)

    def pick(
        self,
        file: InputFile,
        options: ReadOptions,
        ordinals: Int64,
        offsets: Int64 | None,  # noqa: ARG002 - Arrow has no offsets
    ) -> Iterator[Found]:
        """Yield the wanted records; record batches of a file without any are not read."""
        yield from read_in_child(file, options, ordinals)


READER: Final = Arrow()
