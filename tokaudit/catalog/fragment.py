"""A fragment: one file of MinHash signatures next to the catalog. It is written once, synced and never changed.

A fragment has a header (magic, number of texts), then plain little-endian arrays: the keys in order, the band keys band
by band, so that one band of all texts can be read without the others, and the signatures text by text, so that a few
can be read without the rest. Each array has check sums; the signatures have one per text, since they are read singly.
"""

import math
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import xxhash

from tokaudit.catalog.layout import made_parts_folder, parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.core.kernels.face import text_sums
from tokaudit.core.sync import sync_folder
from tokaudit.core.temporary_files import temporary_name
from tokaudit.core.types import Int64, UInt16, UInt32, UInt64
from tokaudit.measure.fingerprints.minhash import BANDS, BINS

_MAGIC: Final = b"tokaudit signatures 3\0\0\0"
_OLDER: Final = b"tokaudit signatures 2\0\0\0"
"""Same layout, older signatures: 128 permutations without bins, which match those of today only by chance."""
_HEADER_BYTES: Final = len(_MAGIC) + 8
RESTORE_OR_REPAIR: Final = "restore it from a backup, or run `tokaudit verify --repair`"
"""What to do if signatures are missing or damaged."""
_SPARSE: Final = 64
"""Texts count as far apart in a fragment if fewer than one in so many is wanted."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A file of signatures, as recorded in the catalog."""

    name: str
    bytes: int
    xxh3: str
    texts: int


@dataclass(frozen=True, slots=True)
class _Fields:
    """The arrays of a fragment, as views of its bytes."""

    column_sums: UInt64  # of the keys, and of each band
    keys: UInt64
    bands: UInt32
    signatures: UInt16
    text_sums: UInt32  # of each signature with its key


def _shapes(texts: int) -> list[tuple[str, tuple[int, ...]]]:
    """Type and shape of each field, in order."""
    return [
        ("<u8", (1 + BANDS,)),
        ("<u8", (texts, 2)),
        ("<u4", (BANDS, texts)),
        ("<u2", (texts, BINS)),
        ("<u4", (texts,)),
    ]


def _edges(texts: int) -> list[int]:
    """The first byte of each field in a fragment, and the end of the last."""
    sizes = [np.dtype(kind).itemsize * math.prod(shape) for kind, shape in _shapes(texts)]
    return list(accumulate(sizes, initial=_HEADER_BYTES))


def _fields(data: npt.NDArray[np.uint8], texts: int) -> _Fields:
    """The fields in the bytes of a fragment."""
    places = zip(_shapes(texts), pairwise(_edges(texts)), strict=True)
    return _Fields(*(data[begin:end].view(kind).reshape(shape) for (kind, shape), (begin, end) in places))


def write_fragment(catalog: Path, keys: UInt64, signatures: UInt16, bands: UInt32) -> Fragment:
    """Write a fragment and sync it to disk. Its name is the hash of its content, so writing it again changes nothing.

    Args:
        catalog: the DuckDB file.
        keys: keys of the texts, (n, 2), distinct and in order, as ``unique`` gives them.
        signatures: their signatures, (n, 128).
        bands: their band keys, (n, 16).

    Raises:
        CatalogError: it can't be written.
    """
    data = np.empty(_edges(len(keys))[-1], np.uint8)
    data[:_HEADER_BYTES] = np.frombuffer(_MAGIC + len(keys).to_bytes(8, "little"), np.uint8)
    fields = _fields(data, len(keys))
    fields.keys[:] = keys
    fields.bands[:] = bands.T
    fields.signatures[:] = signatures
    fields.text_sums[:] = _text_sums(fields.keys, fields.signatures)
    fields.column_sums[:] = [xxhash.xxh3_64_intdigest(column.data) for column in (fields.keys, *fields.bands)]
    digest = xxhash.xxh3_128_hexdigest(data.data)
    target = parts_folder(catalog) / f"{digest}.signatures"
    temporary = temporary_name(target.parent)
    try:
        made_parts_folder(catalog)
        with temporary.open("wb") as stream:
            stream.write(data.data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise CatalogError(
            f"{target}: can't be written ({error.strerror or error}); check disk space and permissions"
        ) from error
    return Fragment(target.name, len(data), digest, len(keys))


def _texts_in(header: bytes) -> int:
    if len(header) < _HEADER_BYTES or not header.startswith((_MAGIC, _OLDER)):
        raise ValueError("not a signatures file, or one of an older tokaudit")
    return int.from_bytes(header[len(_MAGIC) :], "little")


class StoredFragment:
    """An open fragment. Its methods raise ValueError if it is damaged.

    Columns are read, which is faster than mapping their pages. Single texts are read from a map.

    Attributes:
        texts: number of texts.
        is_older: whether its signatures are of an older kind, which compare only with each other.
    """

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        if hasattr(os, "posix_fadvise"):  # without it, megabytes of signatures are read ahead after each column
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        header = stream.read(_HEADER_BYTES)
        self.texts = _texts_in(header)
        self.is_older = header.startswith(_OLDER)
        self._edges = _edges(self.texts)
        if os.fstat(stream.fileno()).st_size != self._edges[-1]:
            raise ValueError("its size is wrong, so it is damaged")
        self._sums = np.frombuffer(stream.read(self._edges[1] - self._edges[0]), "<u8")

    def keys(self) -> UInt64:
        """Keys (n, 2) of its texts, in order."""
        found = np.empty((self.texts, 2), np.uint64)
        self._read(self._edges[1], found, self._sums[0])
        return found

    def read_bands(self, begin: int, end: int, found: UInt32) -> None:
        """Fill `found`, shape (end - begin, texts), with the bands from `begin` to before `end`."""
        size = 4 * self.texts
        if hasattr(os, "posix_fadvise"):
            first = self._edges[2] + begin * size
            os.posix_fadvise(self._stream.fileno(), first, (end - begin) * size, os.POSIX_FADV_WILLNEED)
        for band, column in enumerate(found, begin):
            self._read(self._edges[2] + band * size, column, self._sums[1 + band])

    def _read(self, begin: int, column: npt.NDArray[Any], wanted: np.uint64) -> None:
        """Fill a column and check it."""
        self._stream.seek(begin)
        self._stream.readinto(column.data.cast("B"))
        if xxhash.xxh3_64_intdigest(column.data) != wanted:
            raise ValueError("a check sum does not match, so it is damaged")

    def bands_of(self, at: Int64) -> UInt32:
        """Band keys (n, 16) of the texts at these places, without a check."""
        found: UInt32 = _fields(np.frombuffer(self._mapped(at), np.uint8), self.texts).bands[:, at].T
        return found

    def signatures_of(self, at: Int64) -> UInt16:
        """Signatures (n, 128) of the texts at these places."""
        mapped = self._mapped(at)
        if len(at) * _SPARSE < self.texts:
            for field, row in ((1, 16), (3, 2 * BINS), (4, 4)):
                _expect(mapped, self._edges[field] + at * row, row)
        fields = _fields(np.frombuffer(mapped, np.uint8), self.texts)
        signatures: UInt16 = fields.signatures[at]
        if (_text_sums(fields.keys[at], signatures) != fields.text_sums[at]).any():
            raise ValueError("a check sum does not match, so it is damaged")
        return signatures

    def _mapped(self, at: Int64) -> mmap.mmap:
        """A map of the whole file. If the texts lie far apart, only their pages are read, not megabytes around them."""
        mapped = mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_READ)
        if len(at) * _SPARSE < self.texts and hasattr(mmap, "MADV_RANDOM"):
            mapped.madvise(mmap.MADV_RANDOM)
        return mapped


def _expect(mapped: mmap.mmap, begins: Int64, size: int) -> None:
    """Let the system read the pages of these places at once, not one by one as they are touched."""
    if hasattr(mmap, "MADV_WILLNEED"):
        for page in np.union1d(begins // mmap.PAGESIZE, (begins + size - 1) // mmap.PAGESIZE).tolist():
            mapped.madvise(mmap.MADV_WILLNEED, page * mmap.PAGESIZE, mmap.PAGESIZE)


@contextmanager
def open_fragment(catalog: Path, name: str) -> Iterator[StoredFragment]:
    """Opens a fragment of a catalog.

    Raises:
        CatalogError: it is missing, damaged or of another kind; raised here, or while it is read.
    """
    path = parts_folder(catalog) / name
    try:
        with path.open("rb") as stream:
            yield StoredFragment(stream)
    except (OSError, ValueError) as error:
        raise CatalogError(
            f"{path}: signatures of {catalog.name} can't be read ({error}); {RESTORE_OR_REPAIR}"
        ) from error


def _text_sums(keys: UInt64, signatures: UInt16) -> UInt32:
    sums = np.empty(len(keys), np.uint32)
    text_sums(keys, np.ascontiguousarray(signatures).view(np.uint64), sums)
    return sums
