"""A killed upgrade leaves the old or the new catalog, whole, and the next writer removes what it left."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made.kill_before import KILL_BEFORE
from made.storage import storage_version, written_as

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.statements import statement

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL"),
]

# Upgrades copies of a catalog in processes of their own. One is killed before each step, others at some time.
KILLED = (
    KILL_BEFORE
    + """
import os, shutil, signal, sys, time
from pathlib import Path
from tokaudit.catalog import upgrade as module

catalog, folder = map(Path, sys.argv[1:])

def upgraded(number, prepare, meanwhile=lambda child: None):
    path = folder / f"{number}.duckdb"
    shutil.copy(catalog, path)
    child = os.fork()
    if not child:
        prepare()
        module.upgrade(path)
        os._exit(0)
    meanwhile(child)
    return os.waitpid(child, 0)[1] == signal.SIGKILL

def kill_at(point):
    step = kill_before(point)
    def stepping(place, name):
        real = getattr(place, name)
        def replaced(*arguments, **named):
            step()
            return real(*arguments, **named)
        setattr(place, name, replaced)
    for place, name in (
        (Path, "mkdir"), (module, "opened_to_copy"), (module, "_check_same"), (shutil, "copymode"),
        (module, "sync_file"), (module, "sync_folder"), (Path, "replace"), (shutil, "rmtree"),
    ):
        stepping(place, name)

point = 0
while upgraded(point, lambda: kill_at(point)):
    point += 1
for number in range(3):
    def meanwhile(child):
        time.sleep(0.05 + number * 0.1)
        os.kill(child, signal.SIGKILL)
    upgraded(1000 + number, lambda: None, meanwhile)
print(point)
"""
)


def contents(catalog: Path) -> list[Any]:
    """Definitions in a catalog, and the number and hashes of the rows of each table."""
    with duckdb.connect(catalog, read_only=True) as connection:
        connection.execute("set disabled_optimizers = 'compressed_materialization'")
        tables = connection.execute(
            "select concat('\"', schema_name, '\".\"', table_name, '\"') from duckdb_tables() order by all"
        ).fetchall()
        definitions = connection.execute(statement("contents_of_database"), {"name": catalog.stem}).fetchall()
        hashed = "select count(*), sum(hash(t)) from query_table(?) t"
        return [*definitions, *((table, connection.execute(hashed, table).fetchall()) for table in tables)]


def test_a_killed_upgrade_leaves_the_old_or_the_new_catalog_whole(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    catalog = written_as("latest", copy, tmp_path / "x.duckdb")
    call = [sys.executable, "-c", KILLED, str(catalog), str(tmp_path / "made")]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    known, old = contents(catalog), storage_version(catalog)
    found = {}
    for path in (tmp_path / "made").glob("*.duckdb"):
        left_over = [file.name for file in path.parent.glob(f"{path.name}.*upgrade*")]
        found[int(path.stem)] = (storage_version(path) == old, bool(left_over))

        assert contents(path) == known
        with exclusive_writer(path):
            pass
        assert {file.name for file in path.parent.glob(f"{path.name}*")} <= {path.name, f"{path.name}.lock"}

    assert int(done.stdout) >= 9  # steps
    assert found[0] == (True, False)
    assert found[int(done.stdout)] == (False, False)
    assert {(True, True), (False, True)} <= set(found.values())


def test_the_next_upgrade_removes_what_a_killed_one_left(copy: Path, tmp_path: Path) -> None:
    catalog = written_as("latest", copy, tmp_path / "x.duckdb")
    left_over = tmp_path / "x.duckdb.tokaudit-upgrade"
    left_over.mkdir()
    shutil.copy(copy, left_over / "catalog.duckdb")
    (left_over / "catalog.duckdb.wal").write_bytes(b"half a file")
    with exclusive_writer(catalog):
        assert not left_over.exists()
