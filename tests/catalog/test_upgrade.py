"""Rewriting a catalog: nothing is lost, nothing else is reached, and whoever reads it is not hurt."""

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made.samples import Run, ask, count_into, derived, write_jsonl
from made.storage import storage_version, written_as

from tokaudit.catalog import upgrade as module
from tokaudit.catalog.connection import opened_to_copy
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.lock_down import STORAGE_VERSION
from tokaudit.catalog.statements import statement
from tokaudit.catalog.upgrade import upgrade
from tokaudit.core.errors import CatalogError

OF_DUCKDB_1_2 = (65, 4)
OURS = [
    "create schema ours",
    "create type ours.mood as enum ('good', 'bad')",
    "create sequence ours.numbers start 5",
    "create table \"odd 'name\" (n bigint primary key default nextval('ours.numbers'), m ours.mood, v varchar[])",
    "insert into \"odd 'name\" (m, v) values ('good', ['a', null]), (null, null)",
    "comment on table \"odd 'name\" is 'a table'",
    "comment on column \"odd 'name\".v is 'a column'",
    'create table refers (n bigint references "odd \'name" (n), twice bigint as (2 * n))',
    "insert into refers (n) values (6)",
    "create index refers_n on refers (n)",
    "create table ours.copied as select * from store.documents",
    'create view ours.later as select * from "odd \'name"',
    "create table gone (n int)",
    "create view broken as select * from gone",
    "drop table gone",
    "comment on view ours.later is 'a view'",
    "create macro plus(a, b := 2) as a + b",
    "create macro ours.sources_of(wanted) as table select * from sources where domain = wanted",
]


def latest(copy: Path, *statements: str) -> Path:
    """The small catalog in the newest storage version, changed by statements."""
    path = written_as("latest", copy, copy.with_name("x.duckdb"))
    shutil.copytree(f"{copy}.parts", f"{path}.parts")
    with duckdb.connect(path) as connection:
        for one in statements:
            connection.execute(one)
    return path


def contents(catalog: Path) -> dict[str, list[Any]]:
    """All that is in a catalog: definitions, and the rows of every table."""
    with duckdb.connect(catalog, read_only=True) as connection:
        name = catalog.stem
        tables = connection.execute(
            "select concat('\"', schema_name, '\".\"', table_name, '\"') from duckdb_tables() order by all"
        ).fetchall()
        found = {table: sorted(connection.execute(f"from {table}").fetchall(), key=repr) for (table,) in tables}
        return {**found, "": connection.execute(statement("contents_of_database"), {"name": name}).fetchall()}


def nothing_is_left_over(catalog: Path) -> bool:
    """Whether nothing but the catalog, its lock and its signatures lies there."""
    ends = {file.name.removeprefix(catalog.name) for file in catalog.parent.glob(f"{catalog.name}*")}
    return ends <= {"", ".lock", ".parts"}


@pytest.mark.slow
def test_nothing_is_lost_and_the_storage_version_is_that_of_new_catalogs(copy: Path) -> None:
    path = latest(copy, *OURS)
    before, answers = contents(path), derived(path)
    done = upgrade(path)

    assert done.changed
    assert (done.before.storage, done.after.storage) == ("v2.0.0", STORAGE_VERSION)
    assert (done.before.schema, done.before.shipped) == (done.after.schema, done.after.shipped)
    assert (storage_version(path), path.stat().st_size) == (OF_DUCKDB_1_2, done.after.size)
    assert contents(path) == before
    assert derived(path) == answers
    assert nothing_is_left_over(path)
    with duckdb.connect(path) as connection:
        assert connection.execute("select nextval('ours.numbers'), plus(1)").fetchall() == [(7, 3)]
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("insert into refers (n) values (1)")


@pytest.mark.slow
def test_an_upgraded_catalog_is_ingested_into_as_before(copy: Path, tmp_path: Path) -> None:
    path = latest(copy)
    upgrade(path)
    write_jsonl(tmp_path / "more" / "x.jsonl", [ask_text(path)])
    for catalog in (copy, path):
        count_into(catalog, tmp_path / "more", "web")

    assert derived(path) == derived(copy)
    assert storage_version(path) == OF_DUCKDB_1_2


def ask_text(catalog: Path) -> str:
    """The text of a document of the catalog."""
    ((path,),) = ask(catalog, "select path from files where source = 'books' order by path limit 1")
    return Path(path).read_text(encoding="utf-8")


def test_a_catalog_that_is_as_new_ones_are_is_not_written(copy: Path) -> None:
    before, place = copy.read_bytes(), copy.stat().st_ino
    done = upgrade(copy)

    assert not done.changed
    assert done.before == done.after
    assert (copy.read_bytes(), copy.stat().st_ino) == (before, place)


def test_views_of_another_version_are_renewed_without_a_copy(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("update store.shipped set sha256 = 'old' where name = 'views'")
        connection.execute("create or replace view sources as select 1 as old")
    place = copy.stat().st_ino
    done = upgrade(copy)

    assert done.changed
    assert copy.stat().st_ino == place
    assert len(ask(copy, "select source from sources")) == 4


@pytest.mark.slow
def test_an_empty_database_becomes_a_catalog(tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    duckdb.connect(path).close()
    done = upgrade(path)

    assert (done.before.schema, done.before.shipped, done.changed) == (0, (), True)
    assert done.after.schema > 0
    assert storage_version(path) == OF_DUCKDB_1_2
    assert ask(path, "from sources") == []


@pytest.mark.slow
def test_a_hostile_catalog_reaches_no_file_while_it_is_copied(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    reads = f"from read_text('{tmp_path / 'secret'}')"
    path = latest(
        copy,
        f"create view bait as {reads}",
        f"create or replace view sources as select content as source, '' as domain {reads}",
        f"create or replace view store.whole as {reads}",
        f"create or replace view store.migrated as {reads}",
        f"create macro leak() as table select * {reads}",
    )
    upgrade(path)

    assert b"hush" not in path.read_bytes()
    assert nothing_is_left_over(path)
    with duckdb.connect(path) as connection:
        assert connection.execute("select content from bait").fetchall() == [("hush",)]


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written otherwise")
def test_a_connection_to_copy_reaches_both_files_and_no_other(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    (tmp_path / "new").mkdir()
    tries = [
        f"from read_text('{tmp_path / 'secret'}')",
        f"from glob('{tmp_path}/*')",
        f"attach '{tmp_path / 'other.duckdb'}'",
        f"copy (select 1) to '{tmp_path / 'out.csv'}'",
        "set enable_external_access = true",
        f"set allowed_directories = ['{tmp_path}']",
        "install httpfs",
        "load httpfs",
        "create table old.t (i int)",
    ]
    with exclusive_writer(copy), opened_to_copy(copy, tmp_path / "new" / "x.duckdb") as connection:
        for one in tries:
            with pytest.raises(duckdb.Error):
                connection.execute(one).fetchall()
        connection.execute("create table new.t (i int)")

    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["x.duckdb"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions are other there")
@pytest.mark.slow
def test_a_link_stays_a_link_and_permissions_stay(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    real = latest(copy).rename(tmp_path / "disk" / "real.duckdb")
    real.chmod(0o640)
    (tmp_path / "link.duckdb").symlink_to(real)
    done = upgrade(tmp_path / "link.duckdb")

    assert done.changed
    assert (tmp_path / "link.duckdb").readlink() == real
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert storage_version(real) == OF_DUCKDB_1_2
    assert sorted(path.name for path in (tmp_path / "disk").iterdir()) == ["real.duckdb", "real.duckdb.lock"]


READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(connection.sql("select sum(tokens)::bigint from token_counts").fetchall(), flush=True)
"""


@pytest.mark.slow
def test_a_reader_goes_on_while_it_is_rewritten_and_after(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = latest(copy)
    said = str(ask(path, "select sum(tokens)::bigint from token_counts"))
    check, readers = module._check_same, []  # noqa: SLF001 - a place in the middle

    def asked(reader: "subprocess.Popen[str]") -> str:
        assert reader.stdin is not None
        assert reader.stdout is not None
        reader.stdin.write("\n")
        reader.stdin.flush()
        return reader.stdout.readline().strip()

    def meanwhile(catalog: Path, connection: duckdb.DuckDBPyConnection) -> None:
        call = [sys.executable, "-c", READER, str(catalog)]
        readers.append(subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert asked(readers[0]) == said
        check(catalog, connection)

    monkeypatch.setattr(module, "_check_same", meanwhile)
    upgrade(path)
    with readers[0] as reader:
        assert asked(reader) == said
        reader.communicate()

    assert storage_version(path) == OF_DUCKDB_1_2
    assert str(ask(path, "select sum(tokens)::bigint from token_counts")) == said


@pytest.mark.slow
def test_a_wal_next_to_the_catalog_is_written_into_it(copy: Path) -> None:
    path = latest(copy)
    script = (
        "import duckdb, os, signal, sys; connection = duckdb.connect(sys.argv[1])\n"
        "connection.execute('create table mine as select 7 as n'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, path], check=True)
    waiting = Path(f"{path}.wal").stat().st_size
    upgrade(path)

    assert waiting > 0
    assert ask(path, "from mine") == [(7,)]
    assert nothing_is_left_over(path)


def _row_lost(connection: duckdb.DuckDBPyConnection) -> str:
    connection.execute(
        "delete from new.store.documents_here where document = (select min(document) from new.store.documents)"
    )
    return "table store.documents_here"


def _value_changed(connection: duckdb.DuckDBPyConnection) -> str:
    connection.execute("update new.store.token_counts_here set tokens = tokens + 1 where document = 1")
    return "table store.token_counts_here"


def _view_lost(connection: duckdb.DuckDBPyConnection) -> str:
    connection.execute("drop view new.main.overlap")
    return "overlap"


def _comment_lost(connection: duckdb.DuckDBPyConnection) -> str:
    connection.execute("comment on view new.main.supply is null")
    return "view main.supply"


@pytest.mark.slow
@pytest.mark.parametrize("fault", [_row_lost, _value_changed, _view_lost, _comment_lost])
def test_a_copy_that_differs_is_not_put_in_place(
    copy: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[duckdb.DuckDBPyConnection], str]
) -> None:
    path = latest(copy)
    check, named = module._check_same, []  # noqa: SLF001 - as above

    def faulty(catalog: Path, connection: duckdb.DuckDBPyConnection) -> None:
        named.append(fault(connection))
        check(catalog, connection)

    monkeypatch.setattr(module, "_check_same", faulty)
    before = contents(path)
    with pytest.raises(CatalogError, match="the copy differs in ") as refused:
        upgrade(path)

    assert named[0] in str(refused.value)
    assert contents(path) == before
    assert nothing_is_left_over(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("create table mine as select 1::variant as v", "VARIANT columns are not supported in storage versions"),
        (
            "create trigger t after insert on store.labels_here for each statement delete from store.omitted",
            "trigger store.t",
        ),
    ],
)
def test_what_the_storage_version_can_not_hold_is_one_line(run: Run, copy: Path, made: str, why: str) -> None:
    path = latest(copy)
    with duckdb.connect(path) as connection:
        connection.execute(made)
    before = contents(path)
    refused = run("--catalog", path, "upgrade", code=4)

    assert (refused.out, len(refused.err.splitlines())) == ("", 1)
    assert why in refused.err
    assert contents(path) == before
    assert nothing_is_left_over(path)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("share", [0.1, 0.95])
def test_a_full_disk_is_one_line_and_leaves_the_catalog_whole(copy: Path, share: float) -> None:
    path = latest(copy)
    before = contents(path)
    with exclusive_writer(path):
        pass
    limit = int(path.stat().st_size * share)
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "from tokaudit.cli.app import main; main(['-q', '--catalog', sys.argv[1], 'upgrade'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path, str(limit)], capture_output=True, text=True, check=False, cwd=path.parent
    )

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (4, "", 1), done.stderr
    assert done.stderr.startswith(f"tokaudit: {path}: can't be rewritten (")
    assert contents(path) == before
    assert nothing_is_left_over(path)


def test_free_blocks_missing_at_the_end_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(path, config={"storage_compatibility_version": STORAGE_VERSION}):
        pass
    with exclusive_writer(path):
        pass
    with duckdb.connect(path) as connection:
        connection.execute("create table ours as select range as n, hash(range) as h from range(300_000)")
        connection.execute("checkpoint")
        connection.execute("drop table ours")
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute("select free_blocks from pragma_database_size()").fetchall() > [(0,)]
        all_blocks = connection.execute("select block_size * total_blocks from pragma_database_size()").fetchall()
    assert [(path.stat().st_size,)] < all_blocks

    assert upgrade(path).before.storage == STORAGE_VERSION


def test_used_blocks_missing_at_the_end_are_damage(copy: Path) -> None:
    with copy.open("r+b") as file:
        file.truncate(copy.stat().st_size - 1)
    with pytest.raises(CatalogError, match="is cut off: its end is missing"):
        upgrade(copy)


def test_a_change_of_another_program_meanwhile_is_not_lost(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = latest(copy)
    monkeypatch.setattr(module, "sync_file", lambda _: Path(f"{path}.wal").write_bytes(b"x"))
    with pytest.raises(CatalogError, match="what was written to it last is not in the file yet"):
        upgrade(path)

    assert storage_version(path) != OF_DUCKDB_1_2


def test_an_interrupt_leaves_the_catalog_as_it_was(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = latest(copy)

    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(module, "_check_same", interrupted)
    with pytest.raises(KeyboardInterrupt):
        upgrade(path)

    assert storage_version(path) != OF_DUCKDB_1_2
    assert nothing_is_left_over(path)
