"""Some records of a file that was read before, such as those whose likeness is to be verified."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from tokaudit.core.batches import BadRecord, ReadOptions, TextBatch
from tokaudit.core.types import Int64
from tokaudit.readers.files import InputFile
from tokaudit.readers.reader import RandomAccessReader, Reader


def part_starts(reader: Reader, file: InputFile) -> Int64:
    """Places of records, ascending from 0, from which on `file` can be read without what lies before them."""
    return reader.starts(file) if isinstance(reader, RandomAccessReader) else np.zeros(1, np.int64)


def read_ordinals(
    reader: Reader, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None = None
) -> Iterator[TextBatch]:
    """Just the records ``ordinals`` of ``file``, in order; fewer where the file is gone or has changed.

    The file is read up to the last of them at most; plain JSON lines are reached by ``offsets``, Parquet by
    row group.

    Args:
        reader: that of the first reading.
        file: the file.
        options: those of the first reading.
        ordinals: wanted places, ascending, each once.
        offsets: first byte of each wanted record, as the first reading gave it; None where it gave null.
    """
    if not len(ordinals):
        return
    picked = reader.pick(file, options, ordinals, offsets) if isinstance(reader, RandomAccessReader) else None
    for batch in reader.read(file, options) if picked is None else picked:
        if isinstance(batch, BadRecord):
            continue
        places = np.flatnonzero(np.isin(batch.ordinal, ordinals))
        if len(places) == len(batch.ordinal):
            yield batch
        elif len(places):
            chosen = pa.array(places)
            yield TextBatch(
                text=batch.text.take(chosen),
                ordinal=batch.ordinal[places],
                offset=batch.offset.take(chosen),
                labels={name: values.take(chosen) for name, values in batch.labels.items()},
                position=batch.position,
            )
        if batch.ordinal[-1] >= ordinals[-1]:
            break
