"""Writing and reading fragments of signatures, and noticing their damage."""

import itertools
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tokaudit.catalog.fragment import Fragment, write_fragment
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.signatures import Fragments
from tokaudit.core.errors import CatalogError
from tokaudit.core.text_keys import unique
from tokaudit.core.types import UInt16, UInt64
from tokaudit.measure.fingerprints.minhash import BANDS, BINS, band_keys


def some(count: int, seed: int = 0) -> tuple[UInt64, UInt16]:
    """Random keys and signatures of so many texts."""
    chance = np.random.default_rng(seed)
    keys, _ = unique(chance.integers(0, 2**64, (count, 2), np.uint64))
    return keys, chance.integers(0, 2**16, (count, BINS), np.uint16)


def write(catalog: Path, keys: UInt64, signatures: UInt16) -> Fragment:
    """Write a fragment of the texts."""
    return write_fragment(catalog, keys, signatures, band_keys(signatures))


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return tmp_path / "x.duckdb"


def test_a_written_fragment_can_be_read(catalog: Path) -> None:
    keys, signatures = some(100)
    made = write(catalog, keys, signatures)
    found = Fragments(catalog, [made.name])
    wanted = band_keys(signatures)
    places = np.arange(100)

    assert made.texts == len(found) == 100
    assert made.bytes == (parts_folder(catalog) / made.name).stat().st_size
    assert (found.keys() == keys).all()
    assert (found.bands(0, BANDS, slice(0, len(found))) == wanted.T).all()
    assert (found.bands(3, 5, slice(0, len(found))) == wanted.T[3:5]).all()
    assert (found.bands_of(places) == wanted).all()
    assert (found.signatures_of(places) == signatures).all()
    assert (found.find(keys) == places).all()


@pytest.mark.skipif(sys.platform == "win32", reason="folders can't be synced there")
def test_files_and_their_names_are_synced(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", lambda opened: synced.append(os.fstat(opened).st_ino))
    for seed in range(2):
        write(catalog, *some(5, seed))
    parts = parts_folder(catalog)
    files = {path.stat().st_ino for path in parts.iterdir()}

    assert synced == [catalog.parent.stat().st_ino, synced[1], parts.stat().st_ino, synced[3], parts.stat().st_ino]
    assert {synced[1], synced[3]} == files


def test_writing_twice_makes_one_file(catalog: Path) -> None:
    keys, signatures = some(10)

    assert write(catalog, keys, signatures) == write(catalog, keys, signatures)
    assert len(list(parts_folder(catalog).iterdir())) == 1
    assert write(catalog, keys, signatures + 1).name != write(catalog, keys, signatures).name


def test_texts_come_in_the_order_asked_for_from_any_file(catalog: Path) -> None:
    keys, signatures = some(50)
    names = [write(catalog, keys[part], signatures[part]).name for part in (slice(0, 30), slice(20, 50))]
    order = np.random.default_rng(1).integers(0, 50, 200)

    for files in (names, names[::-1]):
        found = Fragments(catalog, files)
        numbers = found.find(keys)[order]
        assert (found.signatures_of(numbers) == signatures[order]).all()
        assert (found.keys_of(numbers) == keys[order]).all()
        assert (found.bands_of(numbers) == found.bands(0, BANDS, slice(0, len(found))).T[numbers]).all()


def test_few_and_many_texts_are_found_alike(catalog: Path) -> None:
    keys, signatures = some(60)
    names = [write(catalog, keys[i::3], signatures[i::3]).name for i in range(3)]
    found = Fragments(catalog, names)

    assert (found.keys_of(found.find(keys)) == keys).all()
    assert (found.keys_of(found.find(keys[17:19])) == keys[17:19]).all()


def test_chosen_texts_come_by_ranges_of_their_keys(catalog: Path) -> None:
    keys, signatures = some(60)
    found = Fragments(catalog, [write(catalog, keys[i::2], signatures[i::2]).name for i in range(2)])
    every = found.keys()
    chosen = np.arange(60) % 3 > 0
    bounds = [0, int(keys[0, 0]), int(keys[20, 0]), int(keys[59, 0]), 2**64 - 1]
    for first, last in itertools.product(bounds, bounds):
        wanted = np.flatnonzero(chosen & (every[:, 0] >= np.uint64(first)) & (every[:, 0] <= np.uint64(last)))
        got, numbers = found.keys_between(first, last, chosen)

        assert numbers.tolist() == wanted.tolist()
        assert (got == every[wanted]).all()


def test_texts_far_apart_are_read_alike_and_checked(catalog: Path) -> None:
    keys, signatures = some(2_000)
    name = write(catalog, keys, signatures).name
    places = np.array([1_999, 0, 777])
    path = parts_folder(catalog) / name
    signature_begin = path.stat().st_size - 2_000 * (2 * BINS + 4)

    assert (Fragments(catalog, [name]).signatures_of(places) == signatures[places]).all()
    assert (Fragments(catalog, [name]).bands_of(places) == band_keys(signatures[places])).all()
    damaged = bytearray(path.read_bytes())
    damaged[signature_begin + 777 * 2 * BINS] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(CatalogError, match="damaged"):
        Fragments(catalog, [name]).signatures_of(places)


def test_no_texts_and_no_files_are_empty_arrays(catalog: Path) -> None:
    found = Fragments(catalog, [])
    keys = found.keys()

    assert (keys.shape, found.bands(0, BANDS, slice(0, len(found))).shape) == ((0, 2), (BANDS, 0))
    assert found.signatures_of(found.find(keys)).shape == (0, BINS)


def test_keys_that_share_a_half_are_told_apart(catalog: Path) -> None:
    _, signatures = some(4)
    keys = np.array([[1, 1], [1, 2], [2, 1], [2, 2]], np.uint64)
    made = write(catalog, keys, signatures)

    assert Fragments(catalog, [made.name]).find(keys[1:3]).tolist() == [1, 2]


def test_a_text_without_signatures_has_no_number(catalog: Path) -> None:
    keys, signatures = some(10)
    made = write(catalog, keys[:8], signatures[:8])

    assert Fragments(catalog, [made.name]).find(keys).tolist() == [*range(8), -1, -1]


def test_a_missing_file_is_an_error_with_a_way_out(catalog: Path) -> None:
    keys, signatures = some(10)
    made = write(catalog, keys, signatures)
    (parts_folder(catalog) / made.name).unlink()

    with pytest.raises(CatalogError, match=f"{made.name}.*tokaudit verify --repair"):
        Fragments(catalog, [made.name])


def test_a_fragment_of_another_format_is_an_error(catalog: Path) -> None:
    parts_folder(catalog).mkdir()
    (parts_folder(catalog) / "old.parquet").write_bytes(b"PAR1" * 100)

    with pytest.raises(CatalogError, match=r"of an older tokaudit.*tokaudit verify --repair"):
        Fragments(catalog, ["old.parquet"])


def everything(catalog: Path, name: str) -> list[bytes]:
    """Everything that can be read from a fragment."""
    found = Fragments(catalog, [name])
    places = np.arange(len(found))
    return [
        read.tobytes()
        for read in (found.keys(), found.bands(0, BANDS, slice(0, len(found))), found.signatures_of(places))
    ]


def test_a_flipped_bit_anywhere_is_noticed(catalog: Path) -> None:
    keys, signatures = some(20)
    made = write(catalog, keys, signatures)
    path = parts_folder(catalog) / made.name
    good = path.read_bytes()
    everything(catalog, made.name)
    for place in range(0, len(good), 37):
        flipped = bytearray(good)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)

        with pytest.raises(CatalogError, match="can't be read"):
            everything(catalog, made.name)


@pytest.mark.parametrize("left", [0, 3, 31, 100, -8, -1])
def test_a_cut_file_is_noticed(catalog: Path, left: int) -> None:
    keys, signatures = some(50)
    made = write(catalog, keys, signatures)
    path = parts_folder(catalog) / made.name
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(CatalogError, match="can't be read"):
        Fragments(catalog, [made.name])


def test_a_half_written_file_is_ignored(catalog: Path) -> None:
    keys, signatures = some(5)
    parts_folder(catalog).mkdir()
    (parts_folder(catalog) / "half.tmp").write_bytes(b"half")
    made = write(catalog, keys, signatures)

    assert (Fragments(catalog, [made.name]).keys() == keys).all()


def test_a_folder_that_can_not_be_created_is_an_error(catalog: Path) -> None:
    keys, signatures = some(5)
    parts_folder(catalog).write_text("a file is in the way")

    with pytest.raises(CatalogError, match="can't be written"):
        write(catalog, keys, signatures)
