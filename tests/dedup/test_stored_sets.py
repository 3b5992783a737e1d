"""Sets in a file give the same similarities as sets in memory, whatever the order and the size of the pieces."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.samples import altered, arrow, text

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.core.types import Int64, UInt64
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

SETS = st.lists(st.sets(st.integers(0, 9), max_size=8), min_size=1, max_size=12)


def keys_of(count: int) -> UInt64:
    """Keys of that many different texts."""
    return np.column_stack([np.arange(count) // 3, np.arange(count)]).astype(np.uint64)


def offsets_and_values(some: list[set[int]]) -> tuple[Int64, UInt64]:
    """The sets in the form that `add` takes."""
    values = [value for one in some for value in sorted(one)]
    return np.cumsum([0, *map(len, some)]), np.array(values, np.uint64)


@settings(deadline=None)
@given(SETS, st.data())
def test_similarities_are_those_of_python_sets(
    tmp_path_factory: pytest.TempPathFactory, some: list[set[int]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(some)))
    at_once = data.draw(st.sampled_from([1, 100, 1_000_000]))
    keys = keys_of(len(some))
    order = np.random.default_rng(len(some)).permutation(len(some))
    with pytest.MonkeyPatch.context() as patch, StoredSets(tmp_path_factory.getbasetemp() / "x.duckdb") as sets:
        patch.setattr("tokaudit.dedup.stored_sets._COMPARED_BYTES", at_once)
        for part in (order[:cut], order[cut:]):
            sets.add(keys[part], *offsets_and_values([some[place] for place in part]))
        rows = sets.rows(keys)
        pairs = np.array([(a, b) for a in range(len(some)) for b in range(len(some))])
        found = sets.similarities(rows[pairs], 2)

    expected = [len(some[a] & some[b]) / len(some[a] | some[b]) if some[a] | some[b] else 0.0 for a, b in pairs]
    assert found.tolist() == expected


def test_the_first_set_of_a_text_added_twice_stays(tmp_path: Path) -> None:
    keys = keys_of(2)
    with StoredSets(tmp_path / "x.duckdb") as sets:
        sets.add(keys, *offsets_and_values([{1, 2}, {1, 2}]))
        sets.add(keys[:1], *offsets_and_values([{7}]))

        assert sets.similarities(sets.rows(keys).reshape(1, 2), 1).tolist() == [1.0]


def test_without_sets_there_are_no_rows_and_no_file(tmp_path: Path) -> None:
    with StoredSets(tmp_path / "x.duckdb") as sets:
        sets.add_texts(keys_of(0), arrow([]))

        assert sets.rows(keys_of(3)).tolist() == [-1, -1, -1]
        assert sets.similarities(np.empty((0, 2), np.int64), 2).shape == (0,)
        assert not parts_folder(tmp_path / "x.duckdb").exists()


@pytest.mark.parametrize("at_once", [1, 100, 1_000_000])
def test_sets_of_texts_are_their_shingles(tmp_path: Path, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.stored_sets._MADE_BYTES", at_once)
    column = arrow([text(seed, 30) for seed in (1, 2, 3)] + ["", altered(text(1, 30), 2)])
    pairs = np.array([[0, 4], [1, 2], [3, 3]])
    with StoredSets(tmp_path / "x.duckdb") as sets:
        sets.add_texts(keys_of(5), column)
        found = sets.similarities(sets.rows(keys_of(5))[pairs], 2)

    assert found.tolist() == jaccard(*shingle_sets(column), pairs).tolist()
    assert found[0] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lists open temporary files")
def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    with StoredSets(tmp_path / "x.duckdb") as sets:
        sets.add(keys_of(1), *offsets_and_values([{1}]))

        assert list(parts_folder(tmp_path / "x.duckdb").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb.parts").write_text("a file")
    with (
        StoredSets(tmp_path / "x.duckdb") as sets,
        pytest.raises(CatalogError, match=r"x\.duckdb\.parts: can't write or read a temporary file: "),
    ):
        sets.add(keys_of(1), *offsets_and_values([{1}]))
