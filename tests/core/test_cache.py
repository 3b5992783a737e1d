"""The cache returns what was kept, never damaged data, and is optional."""

import errno
import os
from pathlib import Path

import pytest

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.migrate import _empty_catalog_key
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


@pytest.mark.parametrize("place", ["file", "file/below", "link", "kept is a file", "damaged"])
def test_a_catalog_is_made_whatever_is_in_place_of_the_cache(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "link").symlink_to("nowhere/at/all")
    (tmp_path / "kept is a file").mkdir()
    (tmp_path / "kept is a file" / "kept").touch()
    monkeypatch.setenv("TOKAUDIT_CACHE", str(tmp_path / place))
    if place == "damaged":
        cache.write_cache(_empty_catalog_key(), b"no catalog")
        kept = only_file(tmp_path / place)
        kept.unlink()
        kept.mkdir()
    with exclusive_writer(tmp_path / "x.duckdb"):
        pass

    cache.write_cache("a key", b"some data")
    assert cache.read_cache("a key") == (b"some data" if place == "damaged" else None)
    with open_readonly(tmp_path / "x.duckdb") as connection:
        assert connection.execute("from sources").fetchall() == []


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["mkdir", "write_bytes", "replace"])
def test_no_refusal_of_the_system_stops_a_run(call: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, call, refuse)
    monkeypatch.setattr(Path, "unlink", refuse)  # a file system that turned read-only refuses that, too
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
