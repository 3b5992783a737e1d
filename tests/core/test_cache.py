"""The cache returns what was kept, never damaged data, and is optional."""

from pathlib import Path

import pytest

from tokaudit.core import cache


def only_file(cache: Path) -> Path:
    (file,) = (path for path in cache.rglob("*") if path.is_file())
    return file


def test_kept_data_is_returned(fresh_cache: Path) -> None:
    cache.write_cache("a key", b"some\ndata")

    assert cache.read_cache("a key") == b"some\ndata"
    assert only_file(fresh_cache).is_relative_to(fresh_cache)


def test_an_unknown_key_returns_none(fresh_cache: Path) -> None:
    assert cache.read_cache("a key") is None
    assert not fresh_cache.exists()


@pytest.mark.parametrize("damage", [b"", b"x", b"\n", b"some other data entirely\nsome data"])
def test_damaged_data_is_not_returned(fresh_cache: Path, damage: bytes) -> None:
    cache.write_cache("a key", b"some data")
    only_file(fresh_cache).write_bytes(damage)

    assert cache.read_cache("a key") is None


def test_data_of_another_key_is_not_returned(fresh_cache: Path) -> None:
    cache.write_cache("a key", b"some data")
    stray = only_file(fresh_cache)
    cache.write_cache("another key", b"other data")
    (other,) = (path for path in stray.parent.iterdir() if path != stray)
    stray.replace(other)

    assert cache.read_cache("another key") is None


def test_a_folder_that_can_not_be_written_keeps_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TOKAUDIT_CACHE", str(tmp_path / "file"))

    cache.write_cache("a key", b"some data")

    assert cache.read_cache("a key") is None


def test_a_failed_write_leaves_no_file(fresh_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(temporary: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(temporary), None, str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    cache.write_cache("a key", b"some data")

    assert [path for path in fresh_cache.rglob("*") if path.is_file()] == []


def test_without_a_home_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKAUDIT_CACHE")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: "~/.cache/tokaudit")

    assert cache.folder() is None
    cache.write_cache("a key", b"some data")
    assert cache.read_cache("a key") is None
