"""The storage version of catalogs: new ones have the lowest that costs nothing, and every catalog keeps its own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from made.samples import Run, count_into, write_jsonl
from made.storage import storage_version, written_as

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.lock_down import STORAGE_VERSION

OF_DUCKDB_1_2 = (65, 4)
OF_DUCKDB_1_4 = (67, 6)

# Commits a row, which then is in the WAL alone, and is killed.
KILLED = """
import os, signal, sys
from pathlib import Path
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
path = Path(sys.argv[1])
with exclusive_writer(path):
    with write_transaction(path) as connection:
        connection.execute("insert into store.left_out (source, path, rule) values ('web', '/killed', 'hidden')")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.usefixtures("fresh_cache")
def test_new_catalogs_are_stored_as_in_duckdb_1_2(tmp_path: Path) -> None:
    for name in ("made", "copied from the cache"):
        with exclusive_writer(tmp_path / name):
            pass

        assert storage_version(tmp_path / name) == OF_DUCKDB_1_2 <= OF_DUCKDB_1_4
    assert STORAGE_VERSION == "v1.2.0"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("version", [STORAGE_VERSION, "latest"])
def test_a_catalog_keeps_its_storage_version(run: Run, copy: Path, tmp_path: Path, version: str) -> None:
    path = written_as(version, copy, tmp_path / "x.duckdb")
    (tmp_path / "copy.duckdb.parts").rename(tmp_path / "x.duckdb.parts")
    made = storage_version(path)
    kept = {}
    count_into(path, write_jsonl(tmp_path / "more" / "x.jsonl", ["one more text"]).parent, "web")
    kept["ingest"] = storage_version(path)
    run("--catalog", path, "forget", "blog")
    kept["forget"] = storage_version(path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    kept["killed"] = storage_version(path)
    waiting = Path(f"{path}.wal").stat().st_size
    rows = run("--catalog", path, "query", "select path from left_out where path = '/killed'", "--json").json["rows"]
    kept["read with a WAL"] = storage_version(path)
    with exclusive_writer(path):
        pass
    kept["replayed and checkpointed"] = storage_version(path)

    assert killed.returncode == -signal.SIGKILL
    assert waiting > 0
    assert rows == [{"path": "/killed"}]
    assert not Path(f"{path}.wal").exists()
    assert kept == dict.fromkeys(kept, made)
