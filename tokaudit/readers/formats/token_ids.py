"""Token ids without an index: documents are cut behind the tokenizer's end-of-text id.

For files that the user names this reader for: the ``.bin`` files of nanoGPT and llm.c, OLMo's ``.npy`` files whose
index is gone, and arrays that NumPy saved. Nothing between two end-of-text ids is not a document, because some writers
put the id before each document and others behind.
"""

import re
import struct
from collections.abc import Iterator
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import BadRecord, Found, IdBatch
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int64
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.stores.stores import NUMPY_MAGIC, StoreReader, as_ids, too_large, vocabulary_of

_DESCR: Final = re.compile(r"'descr': '([<>|][iu][1248])'")
_SHAPE: Final = re.compile(r"'shape': \((\d{1,18}),\)")
_HEAD: Final = 1 << 16
_LLM_C: Final = struct.Struct("<iii")
_LLM_C_MAGIC: Final = 20240520
_LLM_C_BYTES: Final = 1024
_TELLING: Final = 64
"""Ids that tell whether two bytes or four make one: the high halves of so many small ids are all zero."""


class TokenIdsReader(StoreReader):
    """Reads raw ids of two or four bytes, with or without a header of NumPy or llm.c."""

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the documents, or why they can't be read. There are no fields, so there are no labels."""
        vocabulary = vocabulary_of(file, options)
        if vocabulary.end_of_text is None:
            raise FileFault("no_index", f"has no index, and tokenizer {vocabulary.tokenizer} has no end-of-text id")
        with file.open() as stream:
            head = stream.read(_HEAD)
            start, dtype = _layout(head, file.size, vocabulary)
            if (file.size - start) % dtype.itemsize:
                left, width = file.size - start, dtype.itemsize
                raise FileFault("cut", f"has {left:,} bytes of ids, which is not a multiple of the {width} of one id")
            stream.seek(start)
            yield from _Cutter(start, dtype, vocabulary, options).cut(stream)


def _layout(head: bytes, size: int, vocabulary: TokenIds) -> tuple[int, np.dtype[Any]]:
    """The first byte of the ids, and their type.

    Raises:
        FileFault: a NumPy header that is not of a list of integers, or not of this file.
    """
    if head.startswith(NUMPY_MAGIC):
        return _numpy_layout(head, size)
    magic, _, count = _LLM_C.unpack_from(head) if len(head) >= _LLM_C.size else (0, 0, 0)
    if magic == _LLM_C_MAGIC and size >= _LLM_C_BYTES and size - _LLM_C_BYTES in (2 * count, 4 * count):
        return _LLM_C_BYTES, np.dtype("<u2" if size - _LLM_C_BYTES == 2 * count else "<u4")
    high = np.frombuffer(head[: len(head) // 4 * 4], "<u2")[1::2]
    wide = len(vocabulary) > 1 << 16 or (size % 4 == 0 and len(high) >= _TELLING and not high.any())
    return 0, np.dtype("<u4" if wide else "<u2")


def _numpy_layout(head: bytes, size: int) -> tuple[int, np.dtype[Any]]:
    """As `_layout`, from the header that `numpy.save` writes: magic, version, length and a dictionary as text."""
    long = head[6:7] != b"\1"
    start = 12 if long else 10
    start += int.from_bytes(head[8:start], "little")
    dictionary = head[:start].decode("latin-1")
    descr, shape = _DESCR.search(dictionary), _SHAPE.search(dictionary)
    if start > len(head) or descr is None or shape is None:
        raise FileFault("wrong_format", "is a NumPy file of something else than a list of integers")
    dtype = np.dtype(descr[1])
    if size - start != int(shape[1]) * dtype.itemsize:
        raise FileFault("cut", f"has {size - start:,} bytes of ids, and its header says {shape[1]} of {descr[1]}")
    return start, dtype


class _Cutter:
    """Cuts a stream of ids into documents."""

    def __init__(self, start: int, dtype: np.dtype[Any], vocabulary: TokenIds, options: ReadOptions) -> None:
        self._dtype = dtype
        self._vocabulary = vocabulary
        self._options = options
        self._ordinal = 0
        self._place = start  # first byte of the document that goes on
        self._kept: list[npt.NDArray[Any]] = []  # its ids so far
        self._skips = False  # whether it is too long

    def cut(self, stream: IO[bytes]) -> Iterator[IdBatch | BadRecord]:
        """Yield the documents of a stream, and those that are too long."""
        size = max(1, self._options.batch_bytes // self._dtype.itemsize) * self._dtype.itemsize
        while data := _block(stream, size):
            ids = np.frombuffer(data, self._dtype)
            stops = np.flatnonzero(ids == self._vocabulary.end_of_text)
            if len(stops) and self._skips:
                self._place += int(stops[0] + 1) * self._dtype.itemsize
                self._ordinal, self._skips = self._ordinal + 1, False
                ids, stops = ids[stops[0] + 1 :], stops[1:] - stops[0] - 1
            if len(stops):
                stops += sum(map(len, self._kept))
                ids, self._kept = np.concatenate([*self._kept, ids]), []
                yield from self._documents(ids[: stops[-1] + 1], stops)
                ids = ids[stops[-1] + 1 :]
            yield from self._keep(ids)
        if self._kept:
            ids = np.concatenate(self._kept)
            yield from self._documents(ids, np.array([len(ids)]))

    def _keep(self, ids: npt.NDArray[Any]) -> Iterator[BadRecord]:
        """Keep ids of a document that goes on; skip it if it is too long."""
        if self._skips:
            self._place += ids.nbytes
        elif len(ids):
            self._kept.append(ids)
            held = sum(part.nbytes for part in self._kept)
            if held > max(self._options.limits.record, self._options.batch_bytes):
                yield too_large(self._ordinal, self._place, self._options)
                self._place += held
                self._kept, self._skips = [], True

    def _documents(self, ids: npt.NDArray[Any], stops: Int64) -> Iterator[IdBatch]:
        """The documents in these ids, which end at the stops."""
        starts = np.concatenate([[0], stops[:-1] + 1])
        filled = stops > starts
        starts, lengths = starts[filled], (stops - starts)[filled]
        begin = self._place
        self._place += ids.nbytes
        if len(starts):
            yield IdBatch(
                ids=as_ids(np.delete(ids, stops[stops < len(ids)])),
                ends=np.cumsum(lengths),
                ordinal=np.arange(self._ordinal, self._ordinal + len(starts)),
                offset=to_arrow(begin + starts * self._dtype.itemsize),
                vocabulary=self._vocabulary,
                position=self._place,
            )
            self._ordinal += len(starts)


def _block(stream: IO[bytes], size: int) -> bytes:
    """The next bytes: as many as asked for, or all that are left."""
    data = stream.read(size)
    while data and len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


READER: Final = TokenIdsReader()
