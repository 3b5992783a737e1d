"""The index of a Megatron store: length and place of each sequence, and which sequences make a document.

The layout is that of ``megatron/core/datasets/indexed_dataset.py``: 9 bytes ``MMIDIDX``, the version (uint64), the type
of an id (uint8), the numbers of sequences and of document bounds (uint64 each), then lengths (int32), places (int64),
document bounds (int64), and for multimodal stores modes (int8). Everything is little-endian.
"""

import struct
from collections.abc import Iterator
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault
from tokaudit.readers.stores.stores import read_exactly

_MAGIC: Final = b"MMIDIDX\0\0"
_OLD_MAGIC: Final = b"TNTIDX\0\0"
_HEAD: Final = struct.Struct("<9sQBQQ")
# Megatron's codes; 9 and 10 are DeepSpeed's. 6 and 7 are floating-point numbers.
_DTYPES: Final = {1: "u1", 2: "i1", 3: "<i2", 4: "<i4", 5: "<i8", 8: "<u2", 9: "<u4", 10: "<u8"}
_BOUNDS: Final = 1 << 16
_SEQUENCES: Final = 1 << 20


class _Column:
    """One column of the index, read from its start to its end. Columns share a stream, as some systems have only one.

    Args:
        stream: the index.
        start: first byte of the column.
        dtype: type of its values.
    """

    def __init__(self, stream: IO[bytes], start: int, dtype: str) -> None:
        self._stream = stream
        self._start = start
        self._dtype = np.dtype(dtype)
        self._taken = 0

    def take(self, count: int) -> npt.NDArray[Any]:
        """The next values."""
        self._stream.seek(self._start + self._taken * self._dtype.itemsize)
        self._taken += count
        return read_exactly(self._stream, count * self._dtype.itemsize).view(self._dtype)

    def at(self, place: int) -> int:
        """The value at a place."""
        self._stream.seek(self._start + place * self._dtype.itemsize)
        return int(read_exactly(self._stream, self._dtype.itemsize).view(self._dtype)[0])


class MegatronIndex:
    """An index that is open.

    Args:
        stream: the index, seekable.
        name: its name.
        size: its bytes.

    Attributes:
        dtype: type of an id.

    Raises:
        FileFault: it is not an index, or its parts do not fit together.
        OSError: it can't be read.
    """

    def __init__(self, stream: IO[bytes], name: str, size: int) -> None:
        self._name = name
        head = stream.read(_HEAD.size)
        if head.startswith(_OLD_MAGIC):
            raise self._fault("is of the old fairseq kind, which is not read; convert the store")
        if len(head) < _HEAD.size or not head.startswith(_MAGIC):
            raise self._fault("is not an index of a Megatron store")
        _, version, code, self._sequences, self._bounds = _HEAD.unpack(head)
        if version != 1:
            raise self._fault(f"has version {version}, and only version 1 is known")
        if code not in _DTYPES:
            raise self._fault(f"says that the ids have the type {code}, which is not a type of integers")
        self.dtype = np.dtype(_DTYPES[code])
        places = _HEAD.size + 4 * self._sequences
        bounds = places + 8 * self._sequences
        modes = bounds + 8 * self._bounds
        if size not in (modes, modes + self._sequences):
            raise self._fault(f"has {size:,} bytes instead of {modes:,}")
        self._lengths = _Column(stream, _HEAD.size, "<i4")
        self._places = _Column(stream, places, "<i8")
        self._documents = _Column(stream, bounds, "<i8")
        if size > modes:
            self._check_modes(_Column(stream, modes, "i1"))

    def _fault(self, what: str) -> FileFault:
        return FileFault("no_index", f"its index {self._name} {what}")

    def _check_modes(self, modes: _Column) -> None:
        for start in range(0, self._sequences, _SEQUENCES):
            if modes.take(min(_SEQUENCES, self._sequences - start)).any():
                raise FileFault("wrong_format", "is a multimodal store: some of its sequences are not token ids")

    def check(self, size: int) -> None:
        """Check that the index may belong to a store of this many bytes.

        Raises:
            FileFault: it does not.
        """
        last = self._sequences - 1
        end = 0 if last < 0 else self._places.at(last) + self._lengths.at(last) * self.dtype.itemsize
        if end != size:
            raise self._fault(f"is of another store: it ends at byte {end:,}, and the store has {size:,} bytes")
        if not self._bounds or self._documents.at(0) or self._documents.at(self._bounds - 1) != self._sequences:
            raise self._fault("does not say for all sequences to which document they belong")

    def document_ends(self) -> Iterator[Int64]:
        """Yield the number of ids up to the end of each document, in order, some documents at a time.

        Raises:
            FileFault: the index contradicts itself.
            OSError: it can't be read.
        """
        self._documents.take(1)  # 0
        sequences = ids = 0
        for start in range(1, self._bounds, _BOUNDS):
            bounds = self._documents.take(min(_BOUNDS, self._bounds - start))
            if bounds[0] < sequences or (bounds[1:] < bounds[:-1]).any() or bounds[-1] > self._sequences:
                raise self._fault("contains documents that are not in the order of their sequences")
            ends = np.full(len(bounds), ids)
            last = int(bounds[-1])
            while sequences < last:
                total = self._sequence_ends(min(_SEQUENCES, last - sequences), ids)
                first = np.searchsorted(bounds, sequences)
                behind = np.searchsorted(bounds, sequences + len(total) - 1, side="right")
                ends[first:behind] = total[bounds[first:behind] - sequences]
                sequences, ids = sequences + len(total) - 1, int(total[-1])
            yield ends

    def _sequence_ends(self, count: int, before: int) -> Int64:
        """The number of ids before the next sequence, and up to the end of each of the next ``count``."""
        lengths = self._lengths.take(count)
        total = np.full(count + 1, before)
        np.cumsum(lengths, dtype=np.int64, out=total[1:])
        total[1:] += before
        if (lengths < 0).any() or (self._places.take(count) != total[:-1] * self.dtype.itemsize).any():
            raise self._fault("contains sequences that do not lie one behind the other")
        return total
