"""Arrays in a file come back unchanged and in order."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tokaudit.core.array_file import read_arrays, write_arrays

ARRAYS: list[npt.NDArray[Any]] = [
    np.arange(12, dtype=np.uint32).reshape(6, 2),
    np.empty((0, 2), np.uint64),
    np.array([0.5, np.nan]),
    np.zeros((2, 3), bool),
]


@pytest.mark.parametrize("count", range(len(ARRAYS) + 1))
def test_arrays_come_back_unchanged(tmp_path: Path, count: int) -> None:
    write_arrays(tmp_path / "x", iter(ARRAYS[:count]))
    found = list(read_arrays(tmp_path / "x"))

    assert [array.dtype for array in found] == [array.dtype for array in ARRAYS[:count]]
    for array, wanted in zip(found, ARRAYS, strict=False):
        np.testing.assert_array_equal(array, wanted)


def test_a_file_removed_after_it_was_opened_is_still_read(tmp_path: Path) -> None:
    write_arrays(tmp_path / "x", ARRAYS)
    arrays = read_arrays(tmp_path / "x")
    (tmp_path / "x").unlink()

    assert len(list(arrays)) == len(ARRAYS)


def test_a_file_that_is_cut_off_is_an_error(tmp_path: Path) -> None:
    write_arrays(tmp_path / "x", ARRAYS)
    (tmp_path / "x").write_bytes((tmp_path / "x").read_bytes()[:-1])

    with pytest.raises(ValueError, match=r"reshape|read"):
        list(read_arrays(tmp_path / "x"))


def test_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(tmp_path / "x", [np.array([{}], object)])
