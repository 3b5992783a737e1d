"""OLMo stores: a ``.npy`` file of raw token ids without a NumPy header, and a ``.csv.gz`` file with its documents.

The first two columns of the CSV, which has no header, are the first id of a document and the one behind its last.
`dolma tokens` writes both files; `OLMo-core` reads them.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, cast

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import integers
from tokaudit.core.batches import Found
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.stores.stores import NUMPY_MAGIC, StoreReader, id_batches, vocabulary_of
from tokaudit.readers.unpack.streams import ByteStream, open_stream

_DTYPES: Final = {2: "<u2", 4: "<u4", 8: "<u8"}
_BLOCK: Final = 1 << 20


class _Unpacked:
    """What pyarrow asks of a file."""

    closed = False

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.head = stream.read(_BLOCK)

    def read(self, size: int) -> bytes:
        """The next bytes, at most as many."""
        if head := self.head[:size]:
            self.head = self.head[size:]
            return head
        return self._stream.read(size)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


class Olmo(StoreReader):
    """Reads the documents that the index names. They must cover the store from its first id to its last."""

    doubtful_suffixes = (".npy",)
    index_suffix = ".csv.gz"

    def may_begin(self, head: bytes) -> bool:
        """Whether this may be ids: a NumPy array is not, and text without a zero byte is not."""
        return not head.startswith(NUMPY_MAGIC) and (not head.isascii() or b"\0" in head)

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the documents, or why they can't be read. A store has no fields, so there are no labels."""
        vocabulary = vocabulary_of(file, options)
        index = self.index_beside(file)
        last = 0
        for ends in _document_ends(index):
            last = int(ends[-1])
        with file.open() as stream:
            if stream.read(len(NUMPY_MAGIC)) == NUMPY_MAGIC:
                raise FileFault("wrong_format", "has a NumPy header, so it is not an OLMo store")
            stream.seek(0)
            dtype = _dtype(file.size, last, vocabulary)
            yield from id_batches(stream, dtype, _document_ends(index), vocabulary, options)


def _dtype(size: int, last: int, vocabulary: TokenIds) -> np.dtype[Any]:
    """The type of the ids of a store of ``size`` bytes whose last document ends at the id ``last``.

    Raises:
        FileFault: no type gives this size, or the vocabulary has too many ids for the type.
    """
    width = size // last if last else 4
    if width not in _DTYPES or width * last != size:
        raise FileFault(
            "no_index", f"its index is of another store: it ends at id {last:,}, and the store has {size:,} bytes"
        )
    if len(vocabulary) > 1 << (8 * width):
        raise FileFault(
            "bad_id",
            f"its ids have {width} bytes, too few for the {len(vocabulary):,} ids of tokenizer {vocabulary.tokenizer}",
        )
    return np.dtype(_DTYPES[width])


def _document_ends(index: InputFile) -> Iterator[Int64]:
    """Yield the number of ids up to the end of each document, in order, some documents at a time.

    Raises:
        FileFault: the index is not a CSV file of integers, is damaged, or its documents do not lie one behind the
            other.
        OSError: it can't be read.
    """
    try:
        with open_stream(index) as stream:
            yield from _consecutive(_bounds(stream))
    except FileFault as fault:
        raise FileFault("no_index", f"its index {index.name} {fault.why}") from fault
    except pa.ArrowException as error:
        line = " ".join(str(error).split())[:200]
        raise FileFault("no_index", f"its index {index.name} is not a CSV file of starts and ends: {line}") from error


def _consecutive(bounds: Iterable[tuple[Int64, Int64]]) -> Iterator[Int64]:
    """Yield the ends of documents, of which each must start where the one before it ends."""
    last = 0
    for starts, ends in bounds:
        if starts[0] != last or (starts[1:] != ends[:-1]).any() or (ends < starts).any():
            raise FileFault("no_index", "contains documents that do not lie one behind the other")
        last = int(ends[-1])
        yield ends


def _bounds(stream: ByteStream) -> Iterator[tuple[Int64, Int64]]:
    """Yield the first two columns of a CSV file without a header, some rows at a time."""
    import pyarrow.csv as pa_csv  # noqa: PLC0415 - few runs need it

    source = _Unpacked(stream)
    if not source.head:
        return
    rows = pa_csv.open_csv(
        pa.PythonFile(cast("IO[bytes]", source), mode="r"),
        pa_csv.ReadOptions(autogenerate_column_names=True, block_size=_BLOCK, use_threads=False),
        pa_csv.ParseOptions(newlines_in_values=True),
        pa_csv.ConvertOptions(include_columns=["f0", "f1"], column_types={"f0": pa.int64(), "f1": pa.int64()}),
    )
    for batch in rows:
        starts, ends = batch.column(0), batch.column(1)
        if starts.null_count or ends.null_count:
            raise FileFault("no_index", "lacks the start or end of a document")
        if batch.num_rows:
            yield integers(starts), integers(ends)


READER: Final = Olmo()
