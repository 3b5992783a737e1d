"""Signatures on disk."""

from pathlib import Path

import numpy as np
import pytest

from tokaudit import fragments
from tokaudit.errors import CatalogError
from tokaudit.fingerprints.minhash import BANDS, PERMUTATIONS, band_keys
from tokaudit.paths import parts_folder
from tokaudit.records import UInt32, UInt64


def some(count: int, seed: int = 0) -> tuple[UInt64, UInt32]:
    """Keys and signatures of so many texts."""
    chance = np.random.default_rng(seed)
    keys = chance.integers(0, 2**64, (count, 2), np.uint64)
    return keys, chance.integers(0, 2**32, (count, PERMUTATIONS), np.uint32)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return tmp_path / "x.duckdb"


def test_what_is_written_is_read_again(catalog: Path) -> None:
    keys, signatures = some(100)
    made = fragments.write(catalog, keys, signatures)
    found, bands = fragments.read_bands(catalog, [made.name])

    assert made.texts == 100
    assert made.bytes == (parts_folder(catalog) / made.name).stat().st_size
    assert (found == keys).all()
    assert (bands == band_keys(signatures)).all()
    assert bands.shape == (100, BANDS)
    assert (fragments.read_signatures(catalog, [made.name], keys) == signatures).all()


def test_written_twice_is_one_file(catalog: Path) -> None:
    keys, signatures = some(10)

    assert fragments.write(catalog, keys, signatures) == fragments.write(catalog, keys, signatures)
    assert len(list(parts_folder(catalog).iterdir())) == 1
    assert fragments.write(catalog, keys, signatures + 1).name != fragments.write(catalog, keys, signatures).name


def test_signatures_come_in_the_order_asked_from_whichever_file_has_them(
    catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.fragments._ROW_GROUP", 7)
    keys, signatures = some(50)
    names = [fragments.write(catalog, keys[part], signatures[part]).name for part in (slice(0, 30), slice(20, 50))]
    order = np.random.default_rng(1).integers(0, 50, 200)

    for files in (names, names[::-1]):
        assert (fragments.read_signatures(catalog, files, keys[order]) == signatures[order]).all()


def test_no_texts_and_no_files_are_empty_arrays(catalog: Path) -> None:
    keys, bands = fragments.read_bands(catalog, [])

    assert (keys.shape, bands.shape) == ((0, 2), (0, BANDS))
    assert fragments.read_signatures(catalog, [], keys).shape == (0, PERMUTATIONS)


def test_keys_that_share_a_half_are_told_apart(catalog: Path) -> None:
    _, signatures = some(4)
    keys = np.array([[1, 1], [1, 2], [2, 1], [2, 2]], np.uint64)
    made = fragments.write(catalog, keys, signatures)

    assert (fragments.read_signatures(catalog, [made.name], keys[[3, 1, 2, 0]]) == signatures[[3, 1, 2, 0]]).all()


def test_a_text_that_no_file_has_is_an_error(catalog: Path) -> None:
    keys, signatures = some(10)
    made = fragments.write(catalog, keys[:8], signatures[:8])

    with pytest.raises(CatalogError, match="signatures of 2 texts are missing"):
        fragments.read_signatures(catalog, [made.name], keys)


def test_a_missing_file_is_an_error_that_names_it_and_a_way_out(catalog: Path) -> None:
    keys, signatures = some(10)
    made = fragments.write(catalog, keys, signatures)
    (parts_folder(catalog) / made.name).unlink()

    with pytest.raises(CatalogError, match=f"{made.name}.*tokaudit forget"):
        fragments.read_bands(catalog, [made.name])
    with pytest.raises(CatalogError, match=made.name):
        fragments.read_signatures(catalog, [made.name], keys)


def test_a_flipped_bit_anywhere_in_the_data_is_noticed(catalog: Path) -> None:
    keys, signatures = some(200)
    made = fragments.write(catalog, keys, signatures)
    path = parts_folder(catalog) / made.name
    good = path.read_bytes()
    for place in range(40, len(good), 5_000):
        flipped = bytearray(good)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        try:
            fragments.read_bands(catalog, [made.name])
            same = (fragments.read_signatures(catalog, [made.name], keys) == signatures).all()
        except CatalogError:
            continue
        assert same, f"byte {place} of {len(good)}"
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    path.write_bytes(flipped)

    with pytest.raises(CatalogError, match="can't be read"):
        fragments.read_signatures(catalog, [made.name], keys)


@pytest.mark.parametrize("left", [0, 3, 100, -8, -1])
def test_a_cut_file_is_noticed(catalog: Path, left: int) -> None:
    keys, signatures = some(50)
    made = fragments.write(catalog, keys, signatures)
    path = parts_folder(catalog) / made.name
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(CatalogError, match="can't be read"):
        fragments.read_bands(catalog, [made.name])


def test_the_rest_of_a_crash_is_ignored(catalog: Path) -> None:
    keys, signatures = some(5)
    parts_folder(catalog).mkdir()
    (parts_folder(catalog) / "half.tmp").write_bytes(b"half")
    made = fragments.write(catalog, keys, signatures)

    assert (fragments.read_bands(catalog, [made.name])[0] == keys).all()


def test_a_folder_that_cannot_be_made_is_an_error(catalog: Path) -> None:
    keys, signatures = some(5)
    parts_folder(catalog).write_text("a file is in the way")

    with pytest.raises(CatalogError, match="can't be written"):
        fragments.write(catalog, keys, signatures)
