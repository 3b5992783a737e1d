"""Arrays in a named file come back unchanged, whole or in rows, in this process and in another."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.dedup.named_arrays import NamedArrays


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a catalog might be; all examples share the folder next to it."""
    return tmp_path_factory.mktemp("named") / "x.duckdb"


@given(st.integers(1, 4), st.integers(0, 20), st.integers(1, 7), st.sampled_from([1, 30, 1 << 22]), st.data())
def test_arrays_filled_in_pieces_come_back_whole_and_in_rows(
    catalog: Path, arrays: int, rows: int, at_once: int, sparse: int, data: st.DataObject
) -> None:
    chance = np.random.default_rng(rows)
    wanted = [
        chance.integers(0, 9, (rows, 3)).astype(kind) for kind in [np.uint16, np.int64, np.float64, bool][:arrays]
    ]
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, rows - 1)))) if rows else [], np.int64)
    with pytest.MonkeyPatch.context() as patch, NamedArrays(catalog) as named:
        patch.setattr("tokaudit.dedup.named_arrays._SPARSE_BYTES", sparse)
        for array in wanted:
            named.reserve(array.dtype.type, array.shape)
        for begin in range(0, rows, at_once):
            for number, array in enumerate(wanted):
                named.fill(number, begin, array[begin : begin + at_once])
        sent = pickle.loads(pickle.dumps(named))  # noqa: S301 - made here

        assert [sent[number].tolist() for number in range(arrays)] == [array.tolist() for array in wanted]
        assert [sent.rows(number, chosen).tolist() for number in range(arrays)] == [
            array[chosen].tolist() for array in wanted
        ]
        assert [sent[number].dtype for number in range(arrays)] == [array.dtype for array in wanted]
    assert list(parts_folder(catalog).iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    with (
        NamedArrays(tmp_path / "nowhere" / "x.duckdb") as named,
        pytest.raises(CatalogError, match=r"x\.duckdb\.parts: can't write or read a temporary file: No such file"),
    ):
        named.reserve(np.uint32, (1,))


def test_a_file_that_is_cut_off_is_an_error(tmp_path: Path) -> None:
    with NamedArrays(tmp_path / "x.duckdb") as named:
        named.reserve(np.uint32, (3,))
        named.fill(0, 0, np.zeros(2, np.uint32))
        with pytest.raises(CatalogError, match="the file ends too early"):
            named[0]
