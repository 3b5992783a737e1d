"""Arrays that are kept on disk between uses, so that memory does not grow with them. The first ones stay in memory."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, overload

import numpy as np
import numpy.typing as npt

from tokaudit.catalog.temporary_file import TemporaryFile

_HELD_BYTES: Final = 64_000_000
"""Bytes of arrays kept in memory unless the caller says otherwise: the arrays of a few hundred thousand texts."""


class _Place(NamedTuple):
    """Where an array is in the file, with its type and shape."""

    begin: int
    kind: np.dtype[Any]
    shape: tuple[int, ...]


class Spilled(Sequence[npt.NDArray[Any]]):
    """A sequence of arrays in a temporary file next to the catalog: each is written once and read any number of times.

    Callers must not change the arrays they get. Used as a context manager.

    Args:
        catalog: the DuckDB file.
        held_bytes: as many of the first arrays as fit into this stay in memory.

    Raises:
        CatalogError: the file can't be written or read.
    """

    def __init__(self, catalog: Path, held_bytes: int = _HELD_BYTES) -> None:
        self._arrays: list[npt.NDArray[Any] | _Place] = []
        self._room = held_bytes
        self._end = 0
        self._file = TemporaryFile(catalog)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the arrays and remove the file."""
        self._arrays = []
        self._file.close()

    def __len__(self) -> int:
        return len(self._arrays)

    def append(self, values: npt.NDArray[Any]) -> None:
        """Add an array."""
        if self._fits(values.nbytes):
            self._arrays.append(values)
        else:
            self._arrays.append(place := self._place(values.dtype.type, values.shape, values.nbytes))
            self._file.write(place.begin, values)

    @overload
    def __getitem__(self, number: int) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, number: slice) -> list[npt.NDArray[Any]]: ...
    def __getitem__(self, number: int | slice) -> npt.NDArray[Any] | list[npt.NDArray[Any]]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        array = self._arrays[number]
        return self._read(array) if isinstance(array, _Place) else array

    def _fits(self, size: int) -> bool:
        """Whether that many bytes still fit into memory; if so, they are reserved."""
        fits = size <= self._room
        self._room -= size * fits
        return fits

    def _place(self, kind: type[np.generic], shape: tuple[int, ...], size: int) -> _Place:
        """The next place in the file for that many bytes."""
        self._end += size
        return _Place(self._end - size, np.dtype(kind), shape)

    def _read(self, place: _Place) -> npt.NDArray[Any]:
        values = np.empty(place.shape, place.kind)
        self._file.read_into(place.begin, values)
        return values
