"""The size and the hash of a file."""

from pathlib import Path

import xxhash

from tokaudit.catalog.stored_file import hash_of, size_of


def test_a_file_has_its_size_and_the_hash_of_its_content(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(content := bytes(range(256)) * 100_000)

    assert (size_of(file), hash_of(file)) == (len(content), xxhash.xxh3_128_hexdigest(content))


def test_a_file_that_is_not_there_has_neither(tmp_path: Path) -> None:
    assert (size_of(tmp_path / "x"), hash_of(tmp_path / "x")) == (None, None)


def test_what_is_no_file_has_no_hash(tmp_path: Path) -> None:
    assert hash_of(tmp_path) is None
