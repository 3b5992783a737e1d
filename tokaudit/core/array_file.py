"""Files with a few arrays, one after the other: results of stages, which other processes read."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt


def write_arrays(file: Path, arrays: Iterable[npt.NDArray[Any]]) -> None:
    """Write the arrays to a new file, each in numpy's format, so that no more than one has to be in memory.

    Raises:
        OSError: the file can't be written.
    """
    with file.open("wb") as stream:
        for array in arrays:
            np.save(stream, array, allow_pickle=False)


def read_arrays(file: Path) -> Generator[npt.NDArray[Any]]:
    """The arrays in a file, read one by one as they are taken. The file is opened at once, so it may be removed then.

    Raises:
        OSError: the file can't be read; raised here or later.
        ValueError: it is damaged; raised later.
    """
    return _arrays(file.open("rb"))


def _arrays(stream: BinaryIO) -> Generator[npt.NDArray[Any]]:
    with stream:
        while stream.peek(1):  # type: ignore[attr-defined] # a buffered reader has it
            yield np.load(stream, allow_pickle=False)
