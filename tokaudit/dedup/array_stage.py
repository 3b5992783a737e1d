"""Stages whose results are a few arrays, which may be larger than memory."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import numpy.typing as npt

from tokaudit.core.array_file import read_arrays, write_arrays
from tokaudit.core.engine import Stage

T = TypeVar("T")

RESULT_BYTES: Final = 16_000_000
"""Bytes of a result that stay in memory until it is taken. The rest is in a temporary file."""


class Arrays(Protocol):
    """The arrays of a result. They are iterated once, and closed afterwards."""

    def __iter__(self) -> Iterator[npt.NDArray[Any]]: ...

    def close(self) -> None:
        """Free what they take, in memory and on disk."""


class ArrayStage(Stage[T, Arrays]):
    """A stage whose result is a few arrays. See `Stage` for its methods."""

    def write(self, result: Arrays, file: Path) -> None:
        """Write the arrays to a new file, and close the result."""
        with closing(result):
            write_arrays(file, result)

    def read(self, file: Path) -> Arrays:
        """The arrays in a file that `write` wrote, read as they are taken."""
        return read_arrays(file)
