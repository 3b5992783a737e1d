"""Bytes in a temporary file come back, and its folder is left clean."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.temporary_file import TemporaryFile
from tokaudit.core.errors import CatalogError


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lists open temporary files")
def test_written_bytes_come_back_from_a_file_that_is_not_listed(tmp_path: Path) -> None:
    file = TemporaryFile(tmp_path / "x.duckdb")
    assert not parts_folder(tmp_path / "x.duckdb").exists()
    file.write(0, np.arange(6))
    file.write(8, np.array([[7, 8]]))
    read = np.empty((2, 2), np.int64)
    file.read_into(0, read)

    assert read.tolist() == [[0, 7], [8, 3]]
    assert np.frombuffer(file.mapped(), np.int64).tolist() == [0, 7, 8, 3, 4, 5]
    assert list(parts_folder(tmp_path / "x.duckdb").iterdir()) == []
    file.close()


def test_a_file_that_cannot_be_created_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    folder = parts_folder(tmp_path / "x.duckdb")
    folder.write_text("a file is in the way")
    with pytest.raises(CatalogError) as refused:
        TemporaryFile(tmp_path / "x.duckdb").write(0, np.zeros(1))

    assert str(refused.value).startswith(f"{folder}: can't write or read a temporary file: ")
    assert str(refused.value).endswith("; free disk space there, or make the folder writable")


def test_reading_beyond_the_end_is_an_error(tmp_path: Path) -> None:
    file = TemporaryFile(tmp_path / "x.duckdb")
    file.write(0, np.arange(2))
    with pytest.raises(CatalogError, match="the file ends too early"):
        file.read_into(8, np.empty(2, np.int64))
    file.close()
