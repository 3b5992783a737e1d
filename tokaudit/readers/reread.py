"""Re-reading some records of a file, such as those whose similarity must be verified."""

from collections.abc import Iterator

import numpy as np

from tokaudit.core.arrow import take_rows
from tokaudit.core.batches import PageBatch, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.pages.extracted import extracted
from tokaudit.readers.reader import RandomAccessReader, Reader


def part_starts(reader: Reader, file: InputFile) -> Int64:
    """The ordinals, ascending from 0, from which `file` can be read without the records before."""
    return reader.starts(file) if isinstance(reader, RandomAccessReader) else np.zeros(1, np.int64)


def read_ordinals(
    reader: Reader, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None = None
) -> Iterator[TextBatch]:
    """Yield exactly the records ``ordinals`` of ``file``, in order; fewer if the file is gone or has changed.

    The file is read at most up to the last wanted record. JSON lines are reached by ``offsets``, Parquet by row group.

    Args:
        reader: the reader that the file was first read with.
        file: the file.
        options: the options that the file was first read with.
        ordinals: ordinals of the wanted records, ascending, each once.
        offsets: first byte of each wanted record, as first read; None if the format has no byte offsets.
    """
    if not len(ordinals):
        return
    picked = reader.pick(file, options, ordinals, offsets) if isinstance(reader, RandomAccessReader) else None
    for batch in reader.read(file, options) if picked is None else picked:
        if not isinstance(batch, TextBatch | PageBatch):
            continue
        places = np.flatnonzero(np.isin(batch.ordinal, ordinals))
        if len(places):
            yield from _texts(batch if len(places) == len(batch.ordinal) else take_rows(batch, places))
        if batch.ordinal[-1] >= ordinals[-1]:
            break


def _texts(batch: TextBatch | PageBatch) -> Iterator[TextBatch]:
    return (each for each in extracted([batch]) if isinstance(each, TextBatch))
