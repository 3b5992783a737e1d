"""Stores of token ids: what their readers share."""

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import BadRecord, IdBatch
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64, UInt16, UInt32
from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.paths.partners import index_of
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.limits import longer_than
from tokaudit.readers.unpack.magic import compression_suffix

NUMPY_MAGIC: Final = b"\x93NUMPY"
_NO_ID: Final = 0xFFFFFFFF


class StoreReader(Reader):
    """Reads stores of token ids, which are raw integers without check sums.

    Attributes:
        index_suffix: what the name of a store's index ends with in place of its own suffix; empty if it has no index.
    """

    work_per_byte = 0.3
    index_suffix = ""

    def partners(self, name: str) -> tuple[str, ...]:
        """The index."""
        suffix = next((each for each in self.doubtful_suffixes if name.lower().endswith(each)), "")
        return (name[: -len(suffix)] + self.index_suffix,) if suffix and self.index_suffix else ()

    def index_beside(self, file: InputFile) -> InputFile:
        """The index of a store.

        Raises:
            FileFault: there is none, or it can't be reached.
        """
        names = self.partners(file.name)
        if not names:
            suffix = self.doubtful_suffixes[0]
            raise FileFault("no_index", f"its name does not end in {suffix}, so the name of its index is unknown")
        return index_of(file, names[0])

    def is_checked(self, file: InputFile) -> bool:  # noqa: ARG002 - no store has check sums
        """False: nothing covers the ids, and their first bytes may look like a compression's."""
        return False


def vocabulary_of(file: InputFile, options: ReadOptions) -> TokenIds:
    """The vocabulary that a store is read with.

    Raises:
        FileFault: no tokenizer was named, or the store is compressed.
    """
    if compression_suffix(file.name):
        raise FileFault("wrong_format", "is a compressed store of token ids: unpack it")
    if options.token_ids is None:
        raise FileFault("bad_id", "contains token ids, and no tokenizer was named for them")
    return options.token_ids


def id_batches(
    stream: IO[bytes], dtype: np.dtype[Any], chunks: Iterable[Int64], vocabulary: TokenIds, options: ReadOptions
) -> Iterator[IdBatch | BadRecord]:
    """Read the documents of a store whose bounds are known.

    Args:
        stream: the store, at its first id.
        dtype: type of an id, as stored.
        chunks: for consecutive documents from the first on, the number of ids up to the end of each.
        vocabulary: what the ids stand for.
        options: how much is read at once, and the longest document.

    Raises:
        FileFault: the store ends before its last document does.
        OSError: it can't be read.
    """
    width = dtype.itemsize
    together = max(1, options.batch_bytes // width)
    ordinal = done = 0
    for ends in chunks:
        starts = np.concatenate([[done], ends[:-1]])
        first = 0
        while first < len(ends):
            stop = int(np.searchsorted(ends, done + together, side="right"))
            stop = min(max(stop, first + 1), first + options.batch_documents)
            here = int(ends[stop - 1])
            if (here - done) * width > max(options.limits.record, options.batch_bytes):
                yield too_large(ordinal, done * width, options)
                stream.seek((here - done) * width, 1)
            else:
                yield IdBatch(
                    ids=as_ids(read_exactly(stream, (here - done) * width).view(dtype)),
                    ends=ends[first:stop] - done,
                    ordinal=np.arange(ordinal, ordinal + stop - first),
                    offset=to_arrow(starts[first:stop] * width),
                    vocabulary=vocabulary,
                    position=here * width,
                )
            ordinal += stop - first
            done, first = here, stop


def too_large(ordinal: int, offset: int, options: ReadOptions) -> BadRecord:
    """The bad record for a document that is too long to be read."""
    fault = longer_than("has token ids that are", options.limits.record)
    return BadRecord(ordinal, offset, fault.code, fault.why)


def read_exactly(stream: IO[bytes], size: int) -> npt.NDArray[np.uint8]:
    """The next ``size`` bytes.

    Raises:
        FileFault: there are fewer.
        OSError: they can't be read.
    """
    data = np.empty(size, np.uint8)
    view, filled = data.data, 0
    while filled < size:
        read = stream.readinto(view[filled:])  # type: ignore[attr-defined] # every binary file has it
        if not read:
            raise FileFault("cut", f"ends {size - filled:,} bytes before its last document")
        filled += read
    return data


def as_ids(stored: npt.NDArray[Any]) -> UInt16 | UInt32:
    """Integers of any type as unsigned ids; what is negative or too large becomes the largest 32-bit number."""
    if stored.dtype in (np.uint16, np.uint32):
        return stored
    if stored.dtype == np.int32:
        return stored.view(np.uint32)
    if stored.dtype.itemsize == 8:
        return np.where((stored < 0) | (stored > _NO_ID), _NO_ID, stored).astype(np.uint32)
    return stored.astype(np.uint32)
