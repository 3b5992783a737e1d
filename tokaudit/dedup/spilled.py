"""Arrays that lie on disk while nobody works on them, so that memory does not grow with them; the first stay in it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NamedTuple, Self, cast, overload

import numpy as np
import numpy.typing as npt

from tokaudit.core.errors import CatalogError

_HELD_BYTES: Final = 64_000_000
"""Of arrays that are not written to disk: those of a few hundred thousand texts."""


class _Place(NamedTuple):
    """Where an array lies on disk, and what it is."""

    begin: int
    kind: np.dtype[Any]
    shape: tuple[int, ...]


class Spilled(Sequence[npt.NDArray[Any]]):
    """Arrays, written once and read as often as they are asked for, in a temporary file beside the catalog.

    As many as fit into `_HELD_BYTES` stay in memory; nobody may change what comes back. Used as a context manager.

    Raises:
        CatalogError: they can't be written there or read back.
    """

    def __init__(self, catalog: Path) -> None:
        self._folder = catalog.parent
        self._arrays: list[npt.NDArray[Any] | _Place] = []
        self._room = _HELD_BYTES
        self._end = 0
        self._opened: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let them go."""
        self._arrays = []
        if self._opened is not None:
            self._opened.close()

    def __len__(self) -> int:
        return len(self._arrays)

    def reserve(self, kind: type[np.generic], shape: tuple[int, ...]) -> int:
        """Room for one more array, whose values are anything until they are filled in: its number."""
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        self._arrays.append(np.empty(shape, kind) if self._fits(size) else self._place(kind, shape, size))
        return len(self._arrays) - 1

    def fill(self, number: int, begin: int, values: npt.NDArray[Any]) -> None:
        """Fill in values of an array of one dimension from its place BEGIN on."""
        array = self._arrays[number]
        if isinstance(array, _Place):
            self._write(array.begin + begin * array.kind.itemsize, values)
        else:
            array[begin : begin + len(values)] = values

    def append(self, values: npt.NDArray[Any]) -> None:
        """Keep one more array."""
        if self._fits(values.nbytes):
            self._arrays.append(values)
        else:
            self._arrays.append(place := self._place(values.dtype.type, values.shape, values.nbytes))
            self._write(place.begin, values)

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
        """Whether so many bytes may be held in memory; then they are."""
        fits = size <= self._room
        self._room -= size * fits
        return fits

    def _place(self, kind: type[np.generic], shape: tuple[int, ...], size: int) -> _Place:
        """A place on disk for so many bytes."""
        self._end += size
        return _Place(self._end - size, np.dtype(kind), shape)

    def _read(self, place: _Place) -> npt.NDArray[Any]:
        values = np.empty(place.shape, place.kind)
        left = values.reshape(-1).view(np.uint8).data
        try:
            stored = self._stored()
            stored.seek(place.begin)
            while left:
                left = left[cast("Any", stored).readinto(left) :]
        except OSError as error:
            raise self._error(error) from error
        return values

    def _write(self, begin: int, values: npt.NDArray[Any]) -> None:
        left = np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
        try:
            stored = self._stored()
            stored.seek(begin)
            while left:
                left = left[stored.write(left) :]
        except OSError as error:
            raise self._error(error) from error

    def _stored(self) -> IO[bytes]:
        if self._opened is None:
            self._opened = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - `close` closes it
        return self._opened

    def _error(self, error: OSError) -> CatalogError:
        return CatalogError(f"{self._folder}: can't hold what is being grouped: {error.strerror or error}")
