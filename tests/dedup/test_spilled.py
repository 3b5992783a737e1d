"""Arrays come back from disk unchanged."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import CatalogError
from tokaudit.dedup.spilled import Spilled

KINDS = st.sampled_from([np.uint16, np.uint32, np.int64, np.float64, np.bool_])
HELD = st.sampled_from([0, 50, 1_000_000])


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a catalog might be; all examples may share the folder next to it."""
    return tmp_path_factory.mktemp("spilled") / "x.duckdb"


@given(st.lists(st.tuples(KINDS, st.integers(0, 9), st.integers(1, 3)), max_size=6), st.integers(0, 2**32), HELD)
def test_arrays_come_back_unchanged(
    catalog: Path, shapes: list[tuple[type[np.generic], int, int]], seed: int, held: int
) -> None:
    chance = np.random.default_rng(seed)
    arrays = [chance.integers(0, 100, (rows, columns)).astype(kind) for kind, rows, columns in shapes]
    with Spilled(catalog, held) as spilled:
        for values in arrays:
            spilled.append(values)
        came_back = list(spilled)

    assert [values.dtype for values in came_back] == [values.dtype for values in arrays]
    assert [values.tolist() for values in came_back] == [values.tolist() for values in arrays]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with (
        Spilled(tmp_path / "nowhere" / "x.duckdb", 0) as spilled,
        pytest.raises(CatalogError, match=r"x\.duckdb\.parts: can't write or read a temporary file: No such file"),
    ):
        spilled.append(np.zeros(1))
