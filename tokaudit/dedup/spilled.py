"""Arrays that lie on disk while nobody works on them, so that memory does not grow with them."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast, overload

import numpy as np
import numpy.typing as npt

from tokaudit.core.errors import CatalogError


class Spilled(Sequence[npt.NDArray[Any]]):
    """Arrays in a temporary file beside the catalog, written once and read as often as they are asked for.

    Used as a context manager.

    Raises:
        CatalogError: they can't be written there or read back.
    """

    def __init__(self, catalog: Path) -> None:
        self._folder = catalog.parent
        self._arrays: list[tuple[int, np.dtype[Any], tuple[int, ...]]] = []  # where each begins, what it is
        self._end = 0
        try:
            self._stored = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - closed at the exit
        except OSError as error:
            raise self._error(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let them go."""
        self._stored.close()

    def __len__(self) -> int:
        return len(self._arrays)

    def reserve(self, kind: type[np.generic], shape: tuple[int, ...]) -> int:
        """Room for one more array, whose values are anything until they are filled in: its number."""
        self._arrays.append((self._end, np.dtype(kind), shape))
        self._end += int(np.prod(shape)) * np.dtype(kind).itemsize
        return len(self._arrays) - 1

    def fill(self, number: int, begin: int, values: npt.NDArray[Any]) -> None:
        """Write values of an array of one dimension from its place BEGIN on."""
        start, kind, _ = self._arrays[number]
        self._write(start + begin * kind.itemsize, values)

    def append(self, values: npt.NDArray[Any]) -> None:
        """Keep one more array."""
        begin, _, _ = self._arrays[self.reserve(values.dtype.type, values.shape)]
        self._write(begin, values)

    @overload
    def __getitem__(self, number: int) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, number: slice) -> list[npt.NDArray[Any]]: ...
    def __getitem__(self, number: int | slice) -> npt.NDArray[Any] | list[npt.NDArray[Any]]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        begin, kind, shape = self._arrays[number]
        values = np.empty(shape, kind)
        left = values.reshape(-1).view(np.uint8).data
        try:
            self._stored.seek(begin)
            while left:
                left = left[cast("Any", self._stored).readinto(left) :]
        except OSError as error:
            raise self._error(error) from error
        return values

    def _write(self, begin: int, values: npt.NDArray[Any]) -> None:
        left = np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
        try:
            self._stored.seek(begin)
            while left:
                left = left[self._stored.write(left) :]
        except OSError as error:
            raise self._error(error) from error

    def _error(self, error: OSError) -> CatalogError:
        return CatalogError(f"{self._folder}: can't hold what is being grouped: {error.strerror or error}")
