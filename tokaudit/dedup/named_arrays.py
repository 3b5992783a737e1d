"""Arrays in a temporary file that has a name, so that tasks can read it in other processes and on other machines."""

import math
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.layout import made_parts_folder, parts_folder
from tokaudit.catalog.temporary_file import temporary_file_errors
from tokaudit.core.temporary_files import temporary_name

_SPARSE_BYTES: Final = 1 << 22
"""Bytes that are read at once where only some rows are wanted."""


class _Place(NamedTuple):
    """Where an array is in the file, with its type and shape."""

    begin: int
    kind: np.dtype[Any]
    shape: tuple[int, ...]


class NamedArrays:
    """Arrays of known shapes in a file next to the catalog, which is made with the first array.

    It can be sent to tasks, which only read. Used as a context manager, which removes the file at the end. What a
    killed process leaves is removed by the next that makes such a file.

    Args:
        catalog: the DuckDB file; all tasks must have its folder.

    Raises:
        CatalogError: the file can't be written or read.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._file = temporary_name(parts_folder(catalog))
        self._places: list[_Place] = []
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file."""
        with suppress(OSError):
            self._file.unlink()

    def reserve(self, kind: type[np.generic], shape: tuple[int, ...]) -> int:
        """Add an array whose values are undefined until they are filled in; returns its number."""
        if not self._places:
            with temporary_file_errors(self._catalog):
                made_parts_folder(self._catalog)
                self._file.touch(exist_ok=False)
        self._places.append(_Place(self._end, np.dtype(kind), shape))
        self._end += math.prod(shape) * np.dtype(kind).itemsize
        return len(self._places) - 1

    def fill(self, number: int, begin: int, values: npt.NDArray[Any]) -> None:
        """Fill in rows of an array, starting at row `begin`."""
        with temporary_file_errors(self._catalog), self._file.open("r+b") as stream:
            stream.seek(self._row(self._places[number], begin))
            stream.write(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)

    def __getitem__(self, number: int) -> npt.NDArray[Any]:
        place = self._places[number]
        return self._read(place, 0, place.shape[0])

    def rows(self, number: int, rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[Any]:
        """The given rows, which are in order, of an array."""
        place = self._places[number]
        found = np.empty((len(rows), *place.shape[1:]), place.kind)
        at_once = max(1, _SPARSE_BYTES // max(1, self._row(place, 1) - place.begin))
        edges = np.searchsorted(rows, at_once * np.arange(-(-place.shape[0] // at_once) + 1)).tolist()
        for begin, end in pairwise(edges):
            if begin < end:
                first = int(rows[begin])
                found[begin:end] = self._read(place, first, int(rows[end - 1]) + 1)[rows[begin:end] - first]
        return found

    def _row(self, place: _Place, row: int) -> int:
        """The first byte of a row."""
        return place.begin + row * math.prod(place.shape[1:]) * place.kind.itemsize

    def _read(self, place: _Place, begin: int, end: int) -> npt.NDArray[Any]:
        values = np.empty((end - begin, *place.shape[1:]), place.kind)
        with temporary_file_errors(self._catalog), self._file.open("rb", buffering=0) as stream:
            stream.seek(self._row(place, begin))
            left = values.reshape(-1).view(np.uint8).data
            while left:
                read = stream.readinto(left)
                if not read:
                    raise OSError("the file ends too early")
                left = left[read:]
        return values
