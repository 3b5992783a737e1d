"""A new catalog starts as a copy of an empty one in the cache, and is the same without a cache."""

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from made.samples import ask

from tokaudit.catalog import migrate
from tokaudit.catalog.connection import open_readonly, utc_now
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.reference.tables import REFERENCE_TABLES, ReferenceTable
from tokaudit.core.errors import CatalogError

pytestmark = pytest.mark.usefixtures("fresh_cache")


def made(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Create a catalog; returns its rows by table, without times of creation, and its views."""
    with exclusive_writer(path), open_readonly(path) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'store'").fetchall()
        found = {name: connection.execute(f"from store.{name}").fetchall() for (name,) in tables}
        found["migrations"] = [(number, name, version) for number, name, version, _ in found["migrations"]]
        found["views"] = connection.execute(
            "select view_name, sql, comment from duckdb_views() where not internal order by 1"
        ).fetchall()
    return found


def _kept(cache: Path) -> Path:
    (kept,) = [file for file in cache.rglob("*") if file.is_file()]
    return kept


def _cut(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-5000])


def _altered(kept: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)


def test_a_second_catalog_is_a_copy_of_the_cached_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(tmp_path / "first.duckdb")
    monkeypatch.setattr(ReferenceTable, "columns", lambda table: pytest.fail(f"{table.name} is read again"))

    assert made(tmp_path / "second.duckdb") == first
    assert {table.name for table in REFERENCE_TABLES} <= {name for name, rows in first.items() if rows}
    assert sorted(path.name for path in tmp_path.glob("*.duckdb*")) == [
        *("first.duckdb", "first.duckdb.lock", "second.duckdb", "second.duckdb.lock")
    ]


def test_a_copied_catalog_has_its_own_creation_time(tmp_path: Path) -> None:
    made(tmp_path / "first.duckdb")
    before = utc_now()
    made(tmp_path / "second.duckdb")
    (times,) = ask(tmp_path / "second.duckdb", "select min(applied), max(applied) from store.migrations")

    assert all(before <= when < before + timedelta(hours=1) for when in times)


@pytest.mark.parametrize("damage", [_cut, _altered, Path.touch, Path.unlink])
def test_a_damaged_cached_catalog_is_made_again(
    tmp_path: Path, fresh_cache: Path, damage: Callable[[Path], None]
) -> None:
    first = made(tmp_path / "first.duckdb")
    damage(_kept(fresh_cache))

    assert made(tmp_path / "second.duckdb") == first
    assert made(tmp_path / "third.duckdb") == first


def test_a_catalog_is_made_without_a_usable_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TOKAUDIT_CACHE", str(tmp_path / "file"))

    assert made(tmp_path / "first.duckdb") == made(tmp_path / "second.duckdb")


def test_another_version_keeps_its_own_cached_catalog(
    tmp_path: Path, fresh_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "first.duckdb")
    monkeypatch.setattr(migrate, "__version__", "99")
    second = made(tmp_path / "second.duckdb")

    assert {version for _, _, version in second["migrations"]} == {"99"}
    assert len([file for file in fresh_cache.rglob("*") if file.is_file()]) == 2


def test_remains_of_another_catalog_are_not_used(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    empty = made(tmp_path / "first.duckdb")
    for rest in ("x.duckdb.tokaudit-new", "x.duckdb.tokaudit-new.wal", "x.duckdb.wal"):
        (tmp_path / rest).write_bytes(b"half a file")

    assert made(path) == empty
    assert not (tmp_path / "x.duckdb.tokaudit-new").exists()


def test_a_link_to_a_missing_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "x.duckdb").symlink_to(tmp_path / "disk" / "real.duckdb")
    made(tmp_path / "x.duckdb")

    assert (tmp_path / "x.duckdb").is_symlink()
    with duckdb.connect(tmp_path / "disk" / "real.duckdb", read_only=True) as connection:
        assert connection.execute("from sources").fetchall() == []


@pytest.mark.parametrize("content", [b"", bytes(20_000)], ids=["empty", "zeros"])
def test_a_file_that_holds_nothing_becomes_a_catalog(tmp_path: Path, content: bytes) -> None:
    empty = made(tmp_path / "first.duckdb")
    (tmp_path / "x.duckdb").write_bytes(content)

    assert made(tmp_path / "x.duckdb") == empty


@pytest.mark.parametrize("content", [b"a text\n" * 3000, bytes(5000) + b"1", b"\n"])
def test_a_file_that_holds_something_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.duckdb").write_bytes(content)
    with pytest.raises(CatalogError), exclusive_writer(tmp_path / "x.duckdb"):
        pytest.fail("it was opened")

    assert (tmp_path / "x.duckdb").read_bytes() == content


@pytest.mark.parametrize(
    "sql", ["create sequence s", "create macro f(x) as x + 1", "create type mood as enum ('good')", "create schema s"]
)
def test_a_database_of_another_program_stays_as_it_is(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(sql)
    (tmp_path / "x.duckdb.tokaudit-upgrade").mkdir()
    before = path.read_bytes()
    with pytest.raises(CatalogError, match="but not a tokaudit catalog"), exclusive_writer(path):
        pytest.fail("it was opened")

    assert path.read_bytes() == before
    assert (tmp_path / "x.duckdb.tokaudit-upgrade").exists()


@pytest.mark.parametrize("step", ["_fill", "sync_file", "sync_folder"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_first_write_that_fails_leaves_nothing_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    path, empty = tmp_path / "x.duckdb", made(tmp_path / "first.duckdb")

    def fail(place: Path) -> None:
        if place.suffix == ".tokaudit-new":
            place.write_bytes(b"half a file")
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(migrate, step, fail)
        with pytest.raises(CatalogError, match=f"can't be written .{os.strerror(code)}"), exclusive_writer(path):
            pytest.fail("it was opened")
    assert not list(tmp_path.glob("*tokaudit-new*"))

    assert made(path) == empty
